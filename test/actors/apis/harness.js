// One broker without network and disk: real dispatch, APIs, replicas and codecs over logs in memory.
import { apis } from '../../../src/actors/apis/index.js';
import { createDispatcher } from '../../../src/actors/handlers/dispatch.js';
import { createShardThread } from '../../../src/actors/replicas/shard-thread.js';
import { systemClock } from '../../../src/actors/runtime/clock.js';
import { loggerFor, silentSink } from '../../../src/actors/runtime/log.js';
import { localMesh } from '../../../src/actors/runtime/mesh.js';
import { placementTable } from '../../../src/actors/runtime/placement.js';
import { systemTimers } from '../../../src/actors/runtime/timers.js';
import { loadBrokerConfig } from '../../../src/config/broker-config.js';
import { codecOf } from '../../../src/protocol/codec.js';
import { ProtocolError } from '../../../src/protocol/protocol-error.js';
import { asUuid } from '../../../src/protocol/schema.js';
import { memoryLog } from '../replicas/memory-log.js';
export const topicId = (n) => {
    const id = asUuid(Buffer.from(`topic-${String(n).padStart(10, '0')}`).toString('base64url'));
    if (id === undefined)
        throw new Error('not an id');
    return id;
};
export const topicInfo = (name, id, partitions, leader = 1) => ({
    name,
    id,
    isInternal: name.startsWith('__'),
    configs: {},
    partitions: Array.from({ length: partitions }, () => ({
        leader,
        leaderEpoch: 0,
        replicas: [1],
        isr: [1],
        offline: []
    }))
});
const refuse = () => Promise.reject(new Error('no controller here'));
export function harness(options = {}) {
    const { config } = loadBrokerConfig({ overrides: { 'broker.id': '1', ...options.overrides } });
    const mesh = options.mesh ?? localMesh();
    const logger = loggerFor('test', silentSink);
    const logs = new Map();
    const logOf = (topic, partition) => {
        const key = `${topic}-${partition}`;
        const log = logs.get(key) ?? memoryLog(topic, partition);
        logs.set(key, log);
        return log;
    };
    const thread = createShardThread({
        mesh,
        placement: options.placement ?? placementTable('inline', 0),
        brokerId: 1,
        config,
        clock: systemClock,
        logger,
        timer: { add: (ms, run) => systemTimers.after(ms, run) },
        keeper: { create: (topic, _, partition) => logOf(topic, partition), delete: () => { } }
    });
    const controller = {
        createTopics: refuse,
        deleteTopics: refuse,
        createPartitions: refuse,
        autoCreateTopics: refuse,
        nextProducerId: refuse,
        ...options.controller
    };
    const responses = new Map();
    const dispatch = createDispatcher({
        needs: {
            config,
            brokerId: 1,
            metadata: () => thread.metadata.image,
            controller,
            replicas: thread.replicas,
            fetchSessions: thread.fetchSessions,
            ...options.needs
        },
        channel: { sendResponse: (request, response) => responses.get(request.correlationId)?.(response) },
        logger,
        clock: systemClock
    });
    let version = 0;
    let lastId = 0;
    /** The raw response; `released` is counted on the request. */
    function raw(apiKey, apiVersion, body, clientId = 'test') {
        const correlationId = ++lastId;
        const request = requestOf({ apiKey, apiVersion, correlationId, clientId, body });
        const response = new Promise(resolve => {
            let answers = 0;
            responses.set(correlationId, given => {
                if (++answers > 1)
                    throw new Error('answered twice');
                resolve(given);
            });
        });
        dispatch(request);
        return { request, response };
    }
    return {
        ...thread,
        config,
        logOf,
        raw,
        /** Topics exist, are led by this broker unless said otherwise, and have their logs here. */
        publish(topics, deletedTopics = []) {
            for (const topic of topics) {
                topic.partitions.forEach((_, i) => {
                    if (thread.shard.find(topic.id, i) === undefined)
                        thread.host(logOf(topic.name, i), topic.id);
                });
            }
            thread.metadata.apply({
                version: ++version,
                full: version === 1,
                clusterId: 'cluster',
                controllerId: 1,
                brokers: [
                    {
                        id: 1,
                        epoch: 0,
                        rack: null,
                        endpoints: [{ listener: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', host: 'here', port: 9092 }]
                    }
                ],
                topics,
                deletedTopics
            });
        },
        async call([requestSchema, responseSchema], apiVersion, body, clientId) {
            const encoded = Buffer.concat(codecOf(requestSchema, apiVersion).encode(body));
            const response = await raw(requestSchema.key ?? -1, apiVersion, encoded, clientId).response;
            if (response.kind !== 'send')
                throw new Error(`answered with ${response.kind}`);
            return decodeAnswer(responseSchema, apiVersion, response);
        }
    };
}
export function decodeAnswer(schema, version, response) {
    const frame = Buffer.concat(response.chunks);
    if (frame.readInt32BE(0) !== frame.length - 4)
        throw new Error('the size in front is wrong');
    const flexibleFrom = Number(schema.flexible.replace('+', ''));
    const bodyAt = version >= flexibleFrom && schema.key !== 18 ? 9 : 8;
    const decoded = codecOf(schema, version).decode(frame, bodyAt);
    if (decoded instanceof ProtocolError)
        throw new Error(decoded.reason);
    if (decoded.end !== frame.length)
        throw new Error('bytes left over');
    return decoded.value;
}
export function requestOf(head) {
    return {
        ...head,
        processorId: 0,
        connectionNumber: 1,
        frame: { region: 0, block: 0, generation: 0, offset: 0, bytes: head.body.length },
        connection: {
            id: 'here:9092-there:1-0',
            listener: 'PLAINTEXT',
            clientHost: 'there',
            clientPort: 1,
            principal: 'User:ANONYMOUS',
            softwareName: 'test',
            softwareVersion: '1'
        },
        stamps: {
            receivedMs: 0,
            enqueuedMs: 0,
            dequeuedMs: 0,
            appendedMs: 0,
            syncedMs: 0,
            localCompleteMs: 0,
            responseCompleteMs: 0,
            responseDequeuedMs: 0,
            sentMs: 0
        },
        releases: 0,
        release() {
            this.releases++;
        }
    };
}
export { apis };
