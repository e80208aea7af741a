package dev.gatehouse.core.stop;

/**
 * One order of the kill switch as the fleet carries it: a stop, or the lifting of one.
 *
 * @param id names the order of the stop, in all processes and for ever
 * @param lifted whether this says that it is lifted; that holds from then on, whoever repeats the
 *     stop
 * @param text what was ordered, for the processes and not for the carrier
 */
public record StopNote(String id, boolean lifted, String text) {

  public StopNote {
    if (!id.matches("[A-Za-z0-9_-]{1,80}")) {
      throw new IllegalArgumentException(
          "an order of the kill switch is named by 1 to 80 characters of A-Z a-z 0-9 _ -");
    }
  }
}
