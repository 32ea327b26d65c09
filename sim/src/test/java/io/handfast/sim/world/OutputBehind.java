package io.handfast.sim.world;

import io.handfast.sim.edge.wire.Opcode;
import java.nio.charset.StandardCharsets;

/** An output before another one, to be faulty in one point. */
abstract class OutputBehind implements Output {
    private final Output output;

    OutputBehind(Output output) {
        this.output = output;
    }

    @Override
    public final boolean writable() {
        return output.writable();
    }

    @Override
    public final void frame(Opcode opcode, byte[] payload) {
        String text = opcode == Opcode.TEXT ? new String(payload, StandardCharsets.UTF_8) : "";
        frame(opcode, payload, text);
    }

    /** @param text of a text frame; empty for others */
    abstract void frame(Opcode opcode, byte[] payload, String text);

    final void send(Opcode opcode, byte[] payload) {
        output.frame(opcode, payload);
    }

    final void send(String text) {
        output.frame(Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    static boolean isEvent(String text) {
        return text.contains("\"seq\":") && text.contains("\"payload\":");
    }
}
