/**
 * One JSON-RPC conversation with an upstream, whatever carries it and whichever era it is in.
 *
 * <p>An {@link dev.gatehouse.connectors.rpc.RpcSession} turns an {@link
 * dev.gatehouse.connectors.rpc.RpcRequest} into a {@link dev.gatehouse.connectors.rpc.PendingCall},
 * which its {@link dev.gatehouse.connectors.rpc.Wire} carries; an {@link
 * dev.gatehouse.connectors.rpc.RpcReply} says what came of it, and above all whether it may have
 * had an effect. What an era puts around requests, and what it lets a server ask, is its {@link
 * dev.gatehouse.connectors.rpc.Dialect}.
 */
@NullMarked
package dev.gatehouse.connectors.rpc;

import org.jspecify.annotations.NullMarked;
