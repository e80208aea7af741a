package dev.gatehouse.policy.activity;

import java.util.List;

/** What the other processes of a fleet counted of the same thing. Thread-safe. */
interface Elsewhere {

  /** There are no others. */
  Elsewhere NOBODY =
      new Elsewhere() {
        @Override
        public int add(long nowMillis) {
          return 0;
        }

        @Override
        public int count(long nowMillis) {
          return 0;
        }

        @Override
        public List<Fall> falls(long nowMillis) {
          return List.of();
        }
      };

  /** Tells the others of one more that was counted here; returns what they counted. */
  int add(long nowMillis);

  /** What they counted. */
  int count(long nowMillis);

  /** When how much of it will count no more. */
  List<Fall> falls(long nowMillis);
}
