/** What an agent asks for: governed calls, who asks, and until when. */
@NullMarked
package dev.gatehouse.core.call;

import org.jspecify.annotations.NullMarked;
