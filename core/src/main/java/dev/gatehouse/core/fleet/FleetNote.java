package dev.gatehouse.core.fleet;

/**
 * One thing that was ordered, as the fleet carries it, or that it is over: a stop of the kill
 * switch and its lifting, a grant's opening and its end.
 *
 * @param id names what was ordered, in all processes and for ever
 * @param over whether this says that it is over; that holds from then on, whoever repeats the order
 * @param text what was ordered, for the processes and not for the carrier
 */
public record FleetNote(String id, boolean over, String text) {

  public FleetNote {
    if (!id.matches("[A-Za-z0-9_-]{1,80}")) {
      throw new IllegalArgumentException(
          "what a fleet carries is named by 1 to 80 characters of A-Z a-z 0-9 _ -");
    }
  }
}
