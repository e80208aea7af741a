package dev.gatehouse.bench.load;

/** A load run that says nothing, because an answer was wrong or never came. */
public final class LoadFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LoadFailure(String message) {
    super(message);
  }
}
