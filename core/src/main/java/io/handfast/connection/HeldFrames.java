package io.handfast.connection;

import io.handfast.protocol.Incoming;
import java.util.ArrayList;
import java.util.List;

/** What the client sent before READY, in the order in which it came, within bounds (F03 to F05). */
final class HeldFrames {
    private final int framesMax;
    private final int bytesMax;
    private List<Incoming> frames = List.of();
    private int bytes;

    HeldFrames(int framesMax, int bytesMax) {
        this.framesMax = framesMax;
        this.bytesMax = bytesMax;
    }

    /** Keeps a frame; false when that is beyond the bounds. */
    boolean hold(Incoming frame, int frameBytes) {
        if (frames.size() >= framesMax || bytes + frameBytes > bytesMax) {
            return false;
        }
        if (frames.isEmpty()) {
            frames = new ArrayList<>();
        }
        frames.add(frame);
        bytes += frameBytes;
        return true;
    }

    /** Takes everything out. */
    List<Incoming> release() {
        List<Incoming> released = frames;
        frames = List.of();
        bytes = 0;
        return released;
    }

    int count() {
        return frames.size();
    }

    int bytes() {
        return bytes;
    }
}
