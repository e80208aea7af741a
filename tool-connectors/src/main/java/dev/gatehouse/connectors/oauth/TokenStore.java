package dev.gatehouse.connectors.oauth;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps what an operator authorized, across restarts. Thread-safe; blocks. */
public interface TokenStore {

  /** Reads what was kept for an upstream. */
  Optional<byte[]> load(String upstream) throws IOException;

  /** Keeps it, in the place of what was kept before; secret. */
  void save(String upstream, byte[] state) throws IOException;

  /** A store that forgets when the process ends. */
  static TokenStore inMemory() {
    Map<String, byte[]> kept = new ConcurrentHashMap<>();
    return new TokenStore() {
      @Override
      public Optional<byte[]> load(String upstream) {
        return Optional.ofNullable(kept.get(upstream)).map(byte[]::clone);
      }

      @Override
      public void save(String upstream, byte[] state) {
        kept.put(upstream, state.clone());
      }
    };
  }
}
