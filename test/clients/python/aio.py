# aiokafka: producer with each codec, consumers in a group, offsets. One line a check.
import asyncio
import sys
import time
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import CommitFailedError
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

BOOTSTRAP = sys.argv[1]
RUN = "%x" % int(time.time() * 1000)


async def check(title, run):
    try:
        await run()
        print("ok " + title, flush=True)
    except Exception as error:  # the suite shows what the client said
        print("failed %s: %s" % (title, repr(error).replace("\n", " ")), flush=True)


async def until(what, seconds, holds, state):
    deadline = time.time() + seconds
    while not holds():
        assert time.time() < deadline, "not after %d s: %s; %s" % (seconds, what, state())
        await asyncio.sleep(0.02)


async def topic(name, partitions):
    full = "aio-%s-%s" % (name, RUN)
    admin = AIOKafkaAdminClient(bootstrap_servers=BOOTSTRAP)
    await admin.start()
    await admin.create_topics([NewTopic(full, partitions, 1)])
    await admin.close()
    return full


async def produce(name, partitions, count, label, **settings):
    producer = AIOKafkaProducer(bootstrap_servers=BOOTSTRAP, **settings)
    await producer.start()
    sent = [await producer.send(name, b"%s-%d" % (label.encode(), i), partition=i % partitions) for i in range(count)]
    await asyncio.gather(*sent)
    await producer.stop()


class Member(ConsumerRebalanceListener):
    def __init__(self, name, group, subscription):
        self.name, self.values, self.owned, self.history = name, [], set(), []
        self.stopping, self.has_to_commit, self.subscription = False, False, subscription
        self.consumer = AIOKafkaConsumer(
            bootstrap_servers=BOOTSTRAP, group_id="%s-%s" % (group, RUN), enable_auto_commit=False,
            auto_offset_reset="earliest", session_timeout_ms=6000, heartbeat_interval_ms=300, fetch_max_wait_ms=100)
        self.task = asyncio.create_task(self.poll())

    async def on_partitions_assigned(self, assigned):
        self.history.append(len(assigned))
        self.owned = set(assigned)

    async def on_partitions_revoked(self, revoked):
        self.history.append(-len(revoked))
        self.owned = set()

    async def poll(self):
        self.consumer.subscribe([self.subscription], listener=self)
        await self.consumer.start()
        while not self.stopping:
            records = await self.consumer.getmany(timeout_ms=100)
            for some in records.values():
                self.values += [record.value for record in some]
            if records or self.has_to_commit:
                await self.commit()
        await self.consumer.stop()

    async def commit(self):
        try:
            await self.consumer.commit()
            self.has_to_commit = False
        except CommitFailedError:  # the group rebalances: tried again
            self.has_to_commit = True

    async def close(self):
        self.stopping = True
        await asyncio.wait_for(self.task, 15)


def said(members):
    return " ".join("%s %s %s" % (m.name, len(m.owned), m.history) for m in members)


async def shared(members, partitions, most):
    await until("a balanced assignment", 30, lambda: sum(len(m.owned) for m in members) == partitions
                and len(set().union(*(m.owned for m in members))) == partitions
                and max(len(m.owned) for m in members) <= most, lambda: said(members))


async def read_once(members, count):
    await until("%d records" % count, 20, lambda: sum(len(m.values) for m in members) >= count, lambda: said(members))
    values = [value for m in members for value in m.values]
    assert len(values) == len(set(values)) == count, "%d records, %d different" % (len(values), len(set(values)))


async def three_members():
    name = await topic("share", 6)
    members = [Member(each, "share", name) for each in "abc"]
    await shared(members, 6, 2)
    await produce(name, 6, 300, "first")
    await read_once(members, 300)
    await produce(name, 6, 300, "second")
    await read_once(members, 600)
    await members[0].close()
    await shared(members[1:], 6, 3)
    for member in members[1:]:
        await member.close()
    await produce(name, 6, 60, "third")
    again = Member("d", "share", name)
    await read_once([again], 60)
    await again.close()


def round_trip(codec):
    async def run():
        name = await topic("codec-" + codec, 1)
        await produce(name, 1, 500, "record", enable_idempotence=True,
                      compression_type=None if codec == "none" else codec)
        consumer = AIOKafkaConsumer(bootstrap_servers=BOOTSTRAP)
        consumer.assign([TopicPartition(name, 0)])
        await consumer.start()
        await consumer.seek_to_beginning()
        seen = []
        deadline = time.time() + 15
        while len(seen) < 500 and time.time() < deadline:
            for some in (await consumer.getmany(timeout_ms=200)).values():
                seen += [record.value for record in some]
        await consumer.stop()
        assert seen == [b"record-%d" % i for i in range(500)], len(seen)
    return run


async def committing():
    name = await topic("commit", 2)
    zero, one = TopicPartition(name, 0), TopicPartition(name, 1)
    consumer = AIOKafkaConsumer(bootstrap_servers=BOOTSTRAP, group_id="commit-" + RUN, enable_auto_commit=False)
    consumer.assign([zero, one])
    await consumer.start()
    await consumer.commit({zero: (7, "seven")})
    found = [await consumer.committed(zero), await consumer.committed(one)]
    await consumer.stop()
    assert found == [7, None], found


async def main():
    for codec in ["none", "gzip"]:
        await check("an idempotent producer with %s is read back" % codec, round_trip(codec))
    await check("three members share six partitions, leave, and the next goes on", three_members)
    await check("an offset is committed and read back", committing)
    print("done")


asyncio.run(main())
