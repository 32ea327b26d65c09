package io.handfast.log;

import io.handfast.log.ThreadLog.Post;
import io.handfast.log.ThreadLog.Posted;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventType;
import io.handfast.protocol.Json;
import io.handfast.protocol.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Appends a user's message and opens the run that it starts, once for each message id. */
final class PostRequest extends Request<Posted> {
    private final Post post;

    PostRequest(Post post) {
        this.post = post;
    }

    @Override
    long bytes() {
        byte[] options = post.options();
        return super.bytes() + post.text().length() + (options == null ? 0 : options.length);
    }

    @Override
    Outcome<Posted> decide(Workspace workspace) throws StoreException {
        ThreadDraft thread = workspace.thread(post.threadId());
        if (thread != null) {
            if (!thread.ownerId().equals(post.userId())) {
                return ClaimRequest.foreign(post.threadId());
            }
            MessageRecord known = workspace.message(post.threadId(), thread, post.messageId());
            if (known != null) {
                return Outcome.done(new Posted(known.seq(), known.runId(), true));
            }
            int openRunsMax = workspace.limits().openRunsPerThreadMax();
            if (thread.openRuns() >= openRunsMax) {
                return tooManyRuns(post.threadId(), thread.openRuns(), openRunsMax);
            }
        }
        if (workspace.run(post.runId()) != null) { // of a client's choosing; ours do not repeat
            return Outcome.refused(
                    ErrorCode.INVALID_FIELD, "run_id " + post.runId() + " was used before; it must be new");
        }
        if (thread == null) {
            thread = workspace.create(post.threadId(), post.userId());
        }
        return Outcome.done(write(workspace, thread));
    }

    static <T> Outcome<T> tooManyRuns(String threadId, int openRuns, int openRunsMax) {
        return Outcome.refused(
                ErrorCode.TOO_MANY_RUNS,
                "runs of thread " + threadId + " that have not ended: " + openRuns + "; allowed: " + openRunsMax);
    }

    private Posted write(Workspace workspace, ThreadDraft thread) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>();
        payload.put("message_id", post.messageId());
        payload.put("text", post.text());
        payload.put("user_id", post.userId());
        Retention retention = workspace.limits().retention();
        long seq = thread.append(
                EventType.USER_MESSAGE, post.runId(), Json.write(payload), workspace.nowMicros(), retention);
        thread.runOpened(post.text());
        thread.trim(retention);
        workspace.put(new MessageRecord(post.threadId(), thread.incarnation(), post.messageId(), seq, post.runId()));
        workspace.put(RunState.opened(post, thread.incarnation(), thread.timeMicros(workspace.nowMicros()), seq));
        return new Posted(seq, post.runId(), false);
    }
}
