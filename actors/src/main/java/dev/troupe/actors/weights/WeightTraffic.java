package dev.troupe.actors.weights;

/**
 * What a node has done with weights so far.
 *
 * @param bytesSent of chunks, to other nodes
 * @param bytesReceived of chunks, damaged and superfluous ones included
 * @param damaged chunks that came with another checksum than theirs, and were asked for again
 * @param fetched versions that came over the network, in whole or in part
 * @param found versions that were here already, for instance since another node on this host
 *     fetched them
 * @param cancelled pulls that nobody wanted any more
 * @param failed pulls that brought nothing
 * @param fetchNanos that the fetched ones took together, each until its last chunk was written
 * @param connections to this node, now
 * @param refused connections that were cut off for what they said or didn't say
 */
public record WeightTraffic(
    long bytesSent,
    long bytesReceived,
    long damaged,
    long fetched,
    long found,
    long cancelled,
    long failed,
    long fetchNanos,
    long connections,
    long refused) {}
