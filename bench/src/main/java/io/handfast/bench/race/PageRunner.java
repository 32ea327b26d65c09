package io.handfast.bench.race;

import io.handfast.bench.client.ClientLoops;
import io.handfast.bench.client.Dial;
import io.handfast.bench.client.PageClient;
import io.handfast.bench.client.PageListener;
import io.handfast.bench.client.ServerFrame;
import io.netty.channel.EventLoop;

/** {@link Reader#PAGE}. */
final class PageRunner implements Runner, PageListener {
    private final PageClient client;
    private final Story story;

    PageRunner(ClientLoops loops, EventLoop loop, Dial dial, String threadId, long seed, Story story) {
        this.story = story;
        this.client = new PageClient(loops, loop, dial.withProtocol(PageClient.APPLICATION), threadId, seed, this);
    }

    @Override
    public void go() {
        client.connect();
    }

    @Override
    public void stop() {
        client.close();
    }

    @Override
    public void dialling(long nowNanos) {
        story.dialling(nowNanos);
    }

    @Override
    public void opened(long nowNanos) {
        story.opened(nowNanos);
    }

    @Override
    public void asked(long nowNanos) {
        story.asked(nowNanos);
    }

    @Override
    public void ready(ServerFrame ready, long nowNanos) {
        story.ready(ready.text("proof"), nowNanos);
    }

    @Override
    public void arrived(ServerFrame event, long nowNanos) {
        story.arrived(event);
    }

    @Override
    public void event(ServerFrame event, long nowNanos) {
        story.took(event, nowNanos);
    }
}
