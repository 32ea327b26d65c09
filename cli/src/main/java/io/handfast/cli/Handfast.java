package io.handfast.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code handfast} command. */
@Command(
        name = "handfast",
        mixinStandardHelpOptions = true,
        version = "handfast 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        description =
                "A WebSocket gateway for AI-agent chat that proves each connection before the first event travels on it.")
public final class Handfast implements Runnable {
    private final CommandLine commandLine = new CommandLine(this);

    public static void main(String[] args) {
        System.exit(new Handfast().commandLine.execute(args));
    }

    /** Without a command there is nothing to do but to say which there are. */
    @Override
    public void run() {
        commandLine.usage(commandLine.getErr());
    }
}
