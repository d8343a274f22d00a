@NullMarked
package dev.synod.e2e.kubernetes;

import org.jspecify.annotations.NullMarked;
