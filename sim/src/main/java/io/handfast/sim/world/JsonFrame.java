package io.handfast.sim.world;

import io.handfast.protocol.Json;
import java.util.Map;

/** What is in a frame, as a client takes it. */
final class JsonFrame {
    private JsonFrame() {}

    /** The members of an object; none when it is no object. */
    static Map<?, ?> members(byte[] json) {
        try {
            return Json.read(json) instanceof Map<?, ?> map ? map : Map.of();
        } catch (Json.MalformedJsonException e) {
            return Map.of();
        }
    }

    /** A whole number; one that no law allows when there is none. */
    static long number(Map<?, ?> frame, String name) {
        return frame.get(name) instanceof Long number ? number : Long.MIN_VALUE;
    }
}
