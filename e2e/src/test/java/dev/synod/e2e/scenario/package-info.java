@NullMarked
package dev.synod.e2e.scenario;

import org.jspecify.annotations.NullMarked;
