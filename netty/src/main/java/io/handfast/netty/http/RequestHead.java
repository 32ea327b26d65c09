package io.handfast.netty.http;

import io.handfast.netty.loop.Loop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Judges the head of a request and turns it into a {@link HttpCall}. */
final class RequestHead {
    private RequestHead() {}

    /** What the decoder made of bytes that are no request. */
    static Problem broken(Throwable cause, HttpLimits limits) {
        if (cause instanceof TooLongHttpLineException) {
            return Problem.of(414, "uri_too_long", "the request line may have " + limits.maxRequestLine() + " bytes");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Problem.of(431, "headers_too_large", "the headers may have " + limits.maxHeaderBytes() + " bytes");
        }
        return Problem.of(400, "bad_request", "this is not a request of HTTP/1.1");
    }

    static HttpCall call(HttpRequest head, byte[] body, SocketAddress remote, Loop loop) throws RefusedException {
        if (head.protocolVersion().majorVersion() != 1) {
            throw new RefusedException(Problem.of(
                    505, "http_version_not_supported", "this server speaks HTTP/1.1, not " + head.protocolVersion()));
        }
        int hosts = head.headers().getAll(HttpHeaderNames.HOST).size();
        if (hosts > 1 || (hosts == 0 && head.protocolVersion().compareTo(HttpVersion.HTTP_1_1) >= 0)) {
            throw new RefusedException(Problem.of(400, "bad_request", "a request needs one Host header, not " + hosts));
        }
        String uri = head.uri();
        if (uri.startsWith("http://") || uri.startsWith("https://")) {
            int path = uri.indexOf('/', uri.indexOf("://") + 3);
            uri = path < 0 ? "/" : uri.substring(path);
        }
        if (!uri.startsWith("/") && !uri.equals("*")) {
            throw new RefusedException(Problem.of(400, "bad_request", "the request's target must begin with /"));
        }
        try {
            QueryStringDecoder decoder = new QueryStringDecoder(uri);
            List<String> segments = new ArrayList<>();
            for (String segment : PathPattern.segments(decoder.rawPath())) {
                segments.add(new QueryStringDecoder(segment).path()); // after the split: %2F is no slash
            }
            Map<String, List<String>> query = decoder.parameters();
            return new HttpCall(
                    head.method().name(), segments, query, head.headers(), body, remote, loop, Map.of(), null);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(Problem.of(
                    400, "bad_request", "the request's target is not percent-encoded UTF-8: " + e.getMessage()));
        }
    }
}
