package io.handfast.sim.world;

import io.handfast.sim.edge.wire.Opcode;
import io.handfast.sim.edge.wire.Scanner;
import io.handfast.sim.edge.wire.Side;
import io.handfast.sim.edge.wire.Unit;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes heads and frames of the bytes that arrive at one end. */
final class Arrivals implements Scanner.Sink {
    /** Takes what has arrived. */
    interface Listener {
        /** A whole head of HTTP. */
        void head(Unit unit, String head);

        /**
         * A whole frame, unmasked.
         *
         * @param mark of the bytes in which it began
         */
        void frame(Opcode opcode, byte[] payload, boolean mark);

        /** What cannot be told apart. */
        void garbage();
    }

    private final Scanner scanner;
    private final Listener listener;
    private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
    private Unit unit = new Unit.Opaque();
    private boolean mark;
    private boolean unitMark;

    Arrivals(Side from, Listener listener) {
        this.scanner = new Scanner(from);
        this.listener = listener;
    }

    /** @param mark handed on with the frames that begin in these bytes */
    void feed(byte[] bytes, boolean mark) {
        this.mark = mark;
        scanner.feed(bytes, 0, bytes.length, this);
    }

    @Override
    public void begin(Unit next) {
        unit = next;
        unitMark = mark;
        collected.reset();
    }

    @Override
    public void bytes(byte[] source, int offset, int length) {
        if (unit instanceof Unit.Opaque) {
            listener.garbage();
        } else {
            collected.write(source, offset, length);
        }
    }

    @Override
    public void end() {
        byte[] bytes = collected.toByteArray();
        if (unit instanceof Unit.Frame frame) {
            listener.frame(frame.opcode(), payload(bytes, (int) frame.length()), unitMark);
        } else if (!(unit instanceof Unit.Opaque)) {
            listener.head(unit, new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }

    private static byte[] payload(byte[] frame, int length) {
        int at = frame.length - length;
        byte[] payload = Arrays.copyOfRange(frame, at, frame.length);
        if (frame[1] < 0) {
            for (int i = 0; i < length; i++) {
                payload[i] ^= frame[at - 4 + i % 4];
            }
        }
        return payload;
    }
}
