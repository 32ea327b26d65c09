package io.handfast.bench.log;

import io.handfast.protocol.EventDraft;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Pieces of answers to append: words of English in random order, so that they compress about as prose does, and not like
 * one string repeated. Made before anything is measured.
 */
final class Payloads {
    private static final int POOL = 4_096;
    private static final String[] WORDS =
            ("the of and to in is that it was for on are as with his they at be this from have "
                            + "or by one had not but what all were when we there can an your which their said if do will each about "
                            + "how up out them then she many some so these would other into has more her two like him see time could "
                            + "no make than first been its who now people my made over did down only way find use may water long "
                            + "little very after words called just where most know connection server message event answer reader "
                            + "order commit thread cursor network proxy socket history request tool result search section document")
                    .split(" ");

    private final List<List<EventDraft>> pool = new ArrayList<>(POOL);
    private int next;

    /**
     * @param bytes of JSON of each payload
     */
    Payloads(int bytes, long seed) {
        Random random = new Random(seed);
        int empty = payload("").length;
        for (int i = 0; i < POOL; i++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < bytes - empty) {
                text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
            }
            text.setLength(Math.max(0, bytes - empty));
            pool.add(List.of(new EventDraft(EventType.AGENT_RESPONSE_CHUNK, payload(text.toString()))));
        }
    }

    private static byte[] payload(String text) {
        return Json.write(Map.of("text", text));
    }

    /** One event; the next call answers another one. For one thread. */
    List<EventDraft> next() {
        next = (next + 1) % POOL;
        return pool.get(next);
    }
}
