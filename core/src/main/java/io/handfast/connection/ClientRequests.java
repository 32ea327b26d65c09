package io.handfast.connection;

import io.handfast.log.Cursor;
import io.handfast.log.Position;
import io.handfast.log.Resumption;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog.Posted;
import io.handfast.protocol.ClientFrame;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Incoming;
import io.handfast.protocol.Outcome;
import io.handfast.protocol.Refusal;
import io.handfast.protocol.ServerFrames;
import io.handfast.run.Conversations.RunReference;
import io.handfast.run.Conversations.UserMessage;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of a READY connection, and the answers (spec/protocol.md, "Client to server"). Requests about one
 * subscription are answered in the order in which they came; a message or a cancel is answered when its outcome is known.
 */
final class ClientRequests {
    private final int subscriptionsMax;
    private final ThreadReaders readers;
    private final Outbox outbox;
    private int pending;

    ClientRequests(int subscriptionsMax, ThreadReaders readers, Outbox outbox) {
        this.subscriptionsMax = subscriptionsMax;
        this.readers = readers;
        this.outbox = outbox;
    }

    /** Requests without an answer. */
    int pending() {
        return pending;
    }

    /** Handles one frame of the client; the handshake's is none of ours. */
    void handle(Incoming frame, boolean draining, long epochMicros) {
        if (frame instanceof Refusal refusal) {
            refuse(refusal);
        } else if (frame instanceof ClientFrame.UserMessage message) {
            post(message, draining);
        } else if (frame instanceof ClientFrame.CancelRun cancel) {
            cancel(cancel);
        } else if (frame instanceof ClientFrame.Heartbeat) {
            outbox.text(ServerFrames.heartbeatAck(epochMicros));
        } else if (frame instanceof ClientFrame.Subscribe subscribe) {
            if (!await(subscribe.threadId(), frame)) {
                subscribe(subscribe, draining);
            }
        } else if (frame instanceof ClientFrame.Unsubscribe unsubscribe) {
            if (!await(unsubscribe.threadId(), frame)) {
                unsubscribe(unsubscribe);
            }
        } else if (frame instanceof ClientFrame.Ack ack) {
            if (!await(ack.threadId(), frame)) {
                acknowledge(ack);
            }
        }
    }

    private boolean await(String threadId, Incoming frame) {
        ThreadReader reader = readers.find(threadId);
        if (reader == null || !reader.claiming()) {
            return false;
        }
        pending++;
        reader.await(frame);
        return true;
    }

    // ---- subscriptions

    private void subscribe(ClientFrame.Subscribe frame, boolean draining) {
        if (draining) {
            refuse(ErrorCode.DRAINING, "this connection is about to close", "subscribe", null, frame.threadId());
        } else if (readers.find(frame.threadId()) == null && readers.count() >= subscriptionsMax) {
            refuse(
                    ErrorCode.RATE_LIMITED,
                    "at most " + subscriptionsMax + " threads for each connection; unsubscribe from one first",
                    "subscribe",
                    null,
                    frame.threadId());
        } else {
            claim(frame.threadId(), position(frame));
        }
    }

    private static Position position(ClientFrame.Subscribe frame) {
        if (frame.latest()) {
            return new Position.Latest();
        }
        Long afterSeq = frame.afterSeq();
        return afterSeq == null ? new Position.Oldest() : new Position.After(afterSeq, frame.epoch());
    }

    /** Subscribes, or moves the cursor. */
    void claim(String threadId, Position position) {
        readers.findOrCreate(threadId).claim(position);
        pending++;
        outbox.add(new Effect.Claim(threadId, position));
    }

    void claimed(String threadId, Outcome<ThreadHead> outcome, boolean draining, long epochMicros) {
        ThreadReader reader = readers.find(threadId);
        if (reader == null) {
            throw new IllegalStateException("an answer to no claim of thread " + threadId);
        }
        Position position = reader.takeClaim();
        pending--;
        if (outcome instanceof Outcome.Done<ThreadHead> done) {
            begin(reader, done.value(), position);
        } else if (outcome instanceof Outcome.Refused<ThreadHead> refused) {
            refuse(refused.code(), refused.message(), "subscribe", null, threadId);
        }
        for (Incoming frame : reader.takeWaiting()) {
            pending--;
            handle(frame, draining, epochMicros);
        }
        readers.forget(reader);
    }

    private void begin(ThreadReader reader, ThreadHead head, Position position) {
        Resumption resumption = Resumption.of(head, position);
        long fromSeq = resumption.fromSeq();
        outbox.text(
                ServerFrames.subscribed(reader.threadId, head.epoch(), head.headSeq(), fromSeq, resumption.resumed()));
        Resumption.Gap gap = resumption.gap();
        if (gap != null) {
            outbox.text(ServerFrames.historyGap(
                    reader.threadId, gap.reason().wireName(), gap.missingFrom(), gap.missingTo()));
        }
        if (position instanceof Position.After) {
            outbox.observe(new Effect.Observation.Resumed(reader.threadId, fromSeq, gap != null));
        }
        if (!reader.subscribed()) {
            // Before the first read, so that no commit falls between the two (F07, F08).
            outbox.add(new Effect.WatchThread(reader.threadId));
        }
        reader.moveTo(new Cursor(head.epoch(), fromSeq - 1));
        readers.wake(reader);
    }

    private void unsubscribe(ClientFrame.Unsubscribe frame) {
        ThreadReader reader = subscribed(frame.threadId(), "unsubscribe");
        if (reader != null) {
            reader.leave();
            outbox.add(new Effect.UnwatchThread(frame.threadId()));
            outbox.text(ServerFrames.unsubscribed(frame.threadId(), null));
            readers.forget(reader);
        }
    }

    private void acknowledge(ClientFrame.Ack ack) {
        ThreadReader reader = subscribed(ack.threadId(), "ack");
        if (reader == null) {
            return;
        }
        if (ack.seq() > reader.sentSeq()) {
            refuse(
                    ErrorCode.INVALID_FIELD,
                    "seq must be at most " + reader.sentSeq() + ", the last that was sent, not " + ack.seq(),
                    "ack",
                    null,
                    ack.threadId());
        } else {
            outbox.observe(
                    new Effect.Observation.Acknowledged(ack.threadId(), ack.seq(), reader.sentSeq() - ack.seq()));
        }
    }

    private @Nullable ThreadReader subscribed(String threadId, String request) {
        ThreadReader reader = readers.find(threadId);
        if (reader != null && reader.subscribed()) {
            return reader;
        }
        refuse(ErrorCode.NOT_SUBSCRIBED, "this connection is not subscribed to the thread", request, null, threadId);
        return null;
    }

    // ---- messages and cancels

    private void post(ClientFrame.UserMessage frame, boolean draining) {
        if (draining) {
            refuse(
                    ErrorCode.DRAINING,
                    "this connection is about to close; send it again on the next",
                    "user_message",
                    frame.messageId(),
                    frame.threadId());
            return;
        }
        pending++;
        outbox.add(new Effect.PostMessage(new UserMessage(
                frame.threadId(), frame.messageId(), frame.text(), frame.agent(), frame.options(), null)));
    }

    void posted(String threadId, String messageId, Outcome<Posted> outcome) {
        answered("message " + messageId);
        if (outcome instanceof Outcome.Done<Posted> done) {
            Posted posted = done.value();
            outbox.text(ServerFrames.messageAccepted(
                    threadId, messageId, posted.seq(), posted.runId(), posted.duplicate()));
        } else if (outcome instanceof Outcome.Refused<Posted> refused) {
            refuse(refused.code(), refused.message(), "user_message", messageId, threadId);
        }
    }

    private void cancel(ClientFrame.CancelRun frame) {
        RunReference run = frame.runId() != null
                ? new RunReference.ByRun(frame.runId())
                : new RunReference.ByMessage(String.valueOf(frame.messageId()));
        pending++;
        outbox.add(new Effect.CancelRun(frame.threadId(), run));
    }

    void cancelled(String threadId, RunReference run, Outcome<String> outcome) {
        answered("cancel of " + run);
        if (outcome instanceof Outcome.Done<String> done) {
            outbox.text(ServerFrames.cancelAccepted(threadId, done.value()));
        } else if (outcome instanceof Outcome.Refused<String> refused) {
            String messageId = run instanceof RunReference.ByMessage message ? message.messageId() : null;
            refuse(refused.code(), refused.message(), "cancel_run", messageId, threadId);
        }
    }

    private void answered(String request) {
        if (pending == 0) {
            throw new IllegalStateException("an answer to no request: " + request);
        }
        pending--;
    }

    private void refuse(ErrorCode code, String message, String request, @Nullable String messageId, String threadId) {
        refuse(new Refusal(code, message, request, messageId, threadId));
    }

    private void refuse(Refusal refusal) {
        outbox.text(ServerFrames.error(refusal));
        outbox.observe(new Effect.Observation.Refused(refusal.code().wireName(), refusal.message()));
    }
}
