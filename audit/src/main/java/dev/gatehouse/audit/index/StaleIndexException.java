package dev.gatehouse.audit.index;

import dev.gatehouse.audit.read.RowPlace;
import java.io.IOException;
import java.io.Serial;

/** Rows are not where the index says: it is of other rows, or they were changed. */
final class StaleIndexException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  StaleIndexException(RowPlace place) {
    super(
        "row "
            + place.name()
            + " is not where the index says, in segment "
            + place.segment()
            + " behind byte "
            + place.offsetBytes()
            + "; look into it with: gatehouse audit verify");
  }
}
