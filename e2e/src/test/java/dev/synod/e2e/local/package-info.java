@NullMarked
package dev.synod.e2e.local;

import org.jspecify.annotations.NullMarked;
