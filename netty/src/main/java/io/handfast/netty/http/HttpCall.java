package io.handfast.netty.http;

import io.handfast.netty.loop.Loop;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Ids;
import io.handfast.protocol.Json;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request, whole and within the limits. May be read by any thread. */
public final class HttpCall {
    private final String method;
    private final List<String> segments;
    private final Map<String, List<String>> query;
    private final HttpHeaders headers;
    private final byte[] body;
    private final SocketAddress remote;
    private final Loop loop;
    private final Map<String, String> captures;
    private final @Nullable Caller caller;

    HttpCall(
            String method,
            List<String> segments,
            Map<String, List<String>> query,
            HttpHeaders headers,
            byte[] body,
            SocketAddress remote,
            Loop loop,
            Map<String, String> captures,
            @Nullable Caller caller) {
        this.method = method;
        this.segments = segments;
        this.query = query;
        this.headers = headers;
        this.body = body;
        this.remote = remote;
        this.loop = loop;
        this.captures = captures;
        this.caller = caller;
    }

    HttpCall from(Caller vouchedFor) {
        return new HttpCall(method, segments, query, headers, body, remote, loop, captures, vouchedFor);
    }

    HttpCall matched(Map<String, String> routeCaptures) {
        return new HttpCall(method, segments, query, headers, body, remote, loop, routeCaptures, caller);
    }

    /** In capitals. */
    public String method() {
        return method;
    }

    /** The path, decoded, without the query. */
    public String path() {
        return "/" + String.join("/", segments);
    }

    /** The path's segments, each decoded. */
    List<String> segments() {
        return segments;
    }

    /**
     * What the path has in place of {@code {name}} of the route's pattern.
     *
     * @throws IllegalArgumentException when the pattern has no such place
     */
    public String capture(String name) {
        String value = captures.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no {" + name + "}, only " + captures.keySet());
        }
        return value;
    }

    /**
     * The same for a place where an id stands.
     *
     * @throws RefusedException 400 when it is none
     */
    public String id(String name) throws RefusedException {
        String value = capture(name);
        if (!Ids.valid(value)) {
            throw new RefusedException(Problem.invalidField(name, name + " must be " + Ids.ALLOWED));
        }
        return value;
    }

    /**
     * The one value of a query parameter.
     *
     * @throws RefusedException 400 when it is given more than once
     */
    public Optional<String> query(String name) throws RefusedException {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw new RefusedException(Problem.invalidField(name, name + " is given " + values.size() + " times"));
        }
        return values.stream().findFirst();
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** All values of a header. */
    public List<String> headers(String name) {
        return headers.getAll(name);
    }

    /** The body; empty when there was none. Not a copy. */
    public byte[] body() {
        return body;
    }

    /**
     * The JSON object that is the body, with the fields in their order.
     *
     * @throws RefusedException 400 when it is none
     */
    public Map<String, @Nullable Object> object() throws RefusedException {
        try {
            if (Json.read(body) instanceof Map<?, ?> object) {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                object.forEach((name, value) -> fields.put(String.valueOf(name), value));
                return fields;
            }
        } catch (Json.MalformedJsonException e) {
            throw new RefusedException(Problem.of(ErrorCode.BAD_JSON, "the body is not JSON: " + e.getMessage()));
        }
        throw new RefusedException(Problem.of(ErrorCode.BAD_JSON, "the body must be one JSON object"));
    }

    public SocketAddress remote() {
        return remote;
    }

    /** The loop on which the request lives, and on which a stream of its reply is called. */
    public Loop loop() {
        return loop;
    }

    /**
     * Who calls.
     *
     * @throws IllegalStateException on a route that is open to everybody
     */
    public Caller caller() {
        if (caller == null) {
            throw new IllegalStateException("an open route knows no caller: " + path());
        }
        return caller;
    }
}
