@NullMarked
package dev.synod.e2e.judge;

import org.jspecify.annotations.NullMarked;
