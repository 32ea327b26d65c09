import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** One conversation by WebSocket with the JDK's own client, which knows nothing of Handfast. */
final class Smoke {
    private static final String TEXT = "a conversation over a proven connection";

    public static void main(String[] args) throws Exception {
        CompletableFuture<String> completed = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(args[0].replaceFirst("^http", "ws") + "/v1/ws"), new WebSocket.Listener() {
                    private final StringBuilder frame = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
                        frame.append(part);
                        if (last) {
                            System.out.println(frame);
                            if (frame.indexOf("\"agent_completed\"") >= 0) {
                                completed.complete(frame.toString());
                            }
                            frame.setLength(0);
                        }
                        socket.request(1);
                        return null;
                    }

                    @Override
                    public void onError(WebSocket socket, Throwable error) {
                        completed.completeExceptionally(error);
                    }
                })
                .get(10, TimeUnit.SECONDS);
        socket.sendText("{\"type\":\"subscribe\",\"thread_id\":\"smoke\"}", true).get(10, TimeUnit.SECONDS);
        socket.sendText(
                        "{\"type\":\"user_message\",\"thread_id\":\"smoke\",\"message_id\":\"m1\",\"agent\":\"echo\",\"text\":\""
                                + TEXT + "\"}",
                        true)
                .get(10, TimeUnit.SECONDS);
        if (!completed.get(20, TimeUnit.SECONDS).contains(TEXT)) {
            throw new AssertionError("the answer is not the question");
        }
        socket.sendClose(1000, "").get(10, TimeUnit.SECONDS);
    }
}
