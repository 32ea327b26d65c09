package io.handfast.sim.world;

import io.handfast.agent.Agent;
import io.handfast.log.Batch;
import io.handfast.log.Entry;
import io.handfast.log.ForwardingStore;
import io.handfast.log.MessageRecord;
import io.handfast.log.RunState;
import io.handfast.log.Store;
import io.handfast.log.StoreException;
import io.handfast.log.ThreadLog;
import io.handfast.log.ThreadRecord;
import io.handfast.protocol.Outcome;
import io.handfast.run.Conversations;
import io.handfast.run.LocalConversations;
import io.handfast.sim.edge.wire.Opcode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A deliberate fault, put into a seam of a world, and within how many seeds the world has to find it. */
enum Mutant {
    ACKNOWLEDGES_BEFORE_THE_COMMIT(3, AcknowledgesEarly::new),
    DELIVERS_BEFORE_READY(5, DeliversEarly::new),
    FORGETS_MESSAGE_IDS_AT_A_CRASH(20, ForgetsMessageIds::new),
    KEEPS_THE_EPOCH_OVER_A_LOSS(20, KeepsTheEpoch::new),
    FORGETS_THE_ENDS_OF_RUNS(20, ForgetsEnds::new),
    LEAVES_TOOLS_OPEN_AT_A_CRASH(60, LeavesToolsOpen::new),
    ADVANCES_OVER_A_FAILED_WRITE(100, AdvancesOverFailure::new),
    IS_SILENT_ABOUT_GAPS(20, IsSilentAboutGaps::new),
    REPEATS_AFTER_A_RESUME(5, Repeats::new),
    RECOVERS_NOTHING(20, RecoversNothing::new),
    DRAINS_WITHOUT_WHAT_IS_PENDING(60, DrainsAtOnce::new),
    OLD_SOCKETS_CLOSE_NEW_ONES(60, ClosesByUser::new),
    ACKNOWLEDGES_FAILED_COMMITS(60, AcknowledgesFailures::new),
    SKIPS_AN_EVENT(5, SkipsAnEvent::new);

    final int seedsMax;

    @SuppressWarnings("ImmutableEnumChecker") // a constructor
    final Supplier<Seams> seams;

    Mutant(int seedsMax, Supplier<Seams> seams) {
        this.seedsMax = seedsMax;
        this.seams = seams;
    }

    private static final class AcknowledgesEarly implements Seams {
        @Override
        public Conversations conversations(Conversations conversations) {
            return new Conversations() {
                @Override
                public CompletionStage<Outcome<ThreadLog.Posted>> post(String userId, UserMessage message) {
                    CompletionStage<Outcome<ThreadLog.Posted>> unused = conversations.post(userId, message);
                    return CompletableFuture.completedStage(Outcome.done(new ThreadLog.Posted(1, "r", false)));
                }

                @Override
                public CompletionStage<Outcome<String>> cancel(String userId, String threadId, RunReference run) {
                    return conversations.cancel(userId, threadId, run);
                }

                @Override
                public CompletionStage<Outcome<String>> cancel(String userId, String runId) {
                    return conversations.cancel(userId, runId);
                }

                @Override
                public CompletionStage<Outcome<Boolean>> delete(String userId, String threadId) {
                    return conversations.delete(userId, threadId);
                }

                @Override
                public List<Agent> agents() {
                    return conversations.agents();
                }
            };
        }
    }

    private static final class DeliversEarly implements Seams {
        private byte @Nullable [] event;

        @Override
        public Output output(Output output) {
            return new OutputBehind(output) {
                private boolean ready;

                @Override
                void frame(Opcode opcode, byte[] payload, String text) {
                    send(opcode, payload);
                    ready |= text.startsWith("{\"type\":\"connection_ready\"");
                    byte[] known = event;
                    if (!ready && known != null) {
                        send(Opcode.TEXT, known);
                    } else if (isEvent(text)) {
                        event = payload;
                    }
                }
            };
        }
    }

    private static final class ForgetsMessageIds implements Seams {
        @Override
        public Store store(Store store) {
            Set<String> ofThisProcess = new HashSet<>();
            return new ForwardingStore(store) {
                @Override
                public @Nullable MessageRecord message(ThreadRecord thread, String messageId) throws StoreException {
                    return ofThisProcess.contains(messageId) ? super.message(thread, messageId) : null;
                }

                @Override
                public void commit(Batch batch) throws StoreException {
                    super.commit(batch);
                    batch.messages().forEach(message -> ofThisProcess.add(message.messageId()));
                }
            };
        }
    }

    private static final class KeepsTheEpoch implements Seams {
        @Override
        public Store store(Store store) {
            return new ForwardingStore(store) {
                @Override
                public String generation() {
                    return "g1";
                }
            };
        }
    }

    private static final class ForgetsEnds implements Seams {
        @Override
        public Store store(Store store) {
            return new ForwardingStore(store) {
                @Override
                public void commit(Batch batch) throws StoreException {
                    List<RunState> open =
                            batch.runs().stream().filter(run -> !run.ended()).toList();
                    super.commit(new Batch(batch.threads(), batch.messages(), open));
                }
            };
        }
    }

    private static final class LeavesToolsOpen implements Seams {
        private static RunState closed(RunState run) {
            return new RunState(
                    run.threadId(),
                    run.incarnation(),
                    run.runId(),
                    run.ownerId(),
                    run.agent(),
                    run.messageId(),
                    run.options(),
                    run.openedMicros(),
                    run.openedSeq(),
                    run.started(),
                    run.ended(),
                    Map.of(),
                    run.closedTools(),
                    run.producer());
        }

        @Override
        public Store store(Store store) {
            return new ForwardingStore(store) {
                @Override
                public void commit(Batch batch) throws StoreException {
                    List<RunState> runs =
                            batch.runs().stream().map(LeavesToolsOpen::closed).toList();
                    super.commit(new Batch(batch.threads(), batch.messages(), runs));
                }
            };
        }
    }

    private static final class AdvancesOverFailure implements Seams {
        @Override
        public Output output(Output output) {
            return new OutputBehind(output) {
                @Override
                void frame(Opcode opcode, byte[] payload, String text) {
                    if (writable() || !isEvent(text)) {
                        send(opcode, payload);
                    }
                }
            };
        }
    }

    private static final class IsSilentAboutGaps implements Seams {
        @Override
        public Output output(Output output) {
            return new OutputBehind(output) {
                @Override
                void frame(Opcode opcode, byte[] payload, String text) {
                    if (text.startsWith("{\"type\":\"subscribed\"")) {
                        send(text.replace("\"resumed\":false", "\"resumed\":true"));
                    } else if (!text.startsWith("{\"type\":\"history_gap\"")) {
                        send(opcode, payload);
                    }
                }
            };
        }
    }

    private static final class Repeats implements Seams {
        private final Map<String, byte[]> lastOfThread = new HashMap<>();

        private static String thread(String text) {
            return String.valueOf(
                    JsonFrame.members(text.getBytes(StandardCharsets.UTF_8)).get("thread_id"));
        }

        @Override
        public Output output(Output output) {
            return new OutputBehind(output) {
                @Override
                void frame(Opcode opcode, byte[] payload, String text) {
                    send(opcode, payload);
                    if (isEvent(text)) {
                        lastOfThread.put(thread(text), payload);
                    } else if (text.startsWith("{\"type\":\"subscribed\"")) {
                        byte[] last = lastOfThread.get(thread(text));
                        if (last != null) {
                            send(Opcode.TEXT, last);
                        }
                    }
                }
            };
        }
    }

    private static final class RecoversNothing implements Seams {
        @Override
        public CompletionStage<Integer> recover(LocalConversations conversations) {
            return CompletableFuture.completedStage(0);
        }
    }

    private static final class DrainsAtOnce implements Seams {
        @Override
        public Output output(Output output) {
            return new OutputBehind(output) {
                private boolean draining;

                @Override
                void frame(Opcode opcode, byte[] payload, String text) {
                    draining |= text.startsWith("{\"type\":\"draining\"");
                    if (!draining || !isEvent(text)) {
                        send(opcode, payload);
                    }
                }
            };
        }
    }

    private static final class ClosesByUser implements Seams {
        @Override
        public Watchers watchers() {
            return new Watchers() {
                @Override
                public void remove(String threadId, Reader reader) {
                    of(threadId).removeIf(other -> other.userId().equals(reader.userId()));
                }
            };
        }
    }

    private static final class AcknowledgesFailures implements Seams {
        @Override
        public Store store(Store store) {
            return new ForwardingStore(store) {
                @Override
                public void commit(Batch batch) {
                    try {
                        super.commit(batch);
                    } catch (StoreException e) {
                        // Taken for done.
                    }
                }
            };
        }
    }

    private static final class SkipsAnEvent implements Seams {
        @Override
        public Store store(Store store) {
            return new ForwardingStore(store) {
                @Override
                public List<Entry> read(ThreadRecord thread, long fromSeq, long toSeq, int maxBytes)
                        throws StoreException {
                    List<Entry> entries = super.read(thread, fromSeq, toSeq, maxBytes);
                    List<Entry> some = new ArrayList<>(entries);
                    if (some.size() > 2) {
                        some.remove(some.size() / 2);
                    }
                    return some;
                }
            };
        }
    }
}
