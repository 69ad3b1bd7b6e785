# confluent-kafka (librdkafka) in groups, of the classic protocol with each assignor and of the new one. One line a check.
import sys
import threading
import time
from confluent_kafka import (
    Consumer, ConsumerGroupState, ConsumerGroupTopicPartitions, KafkaError, KafkaException, Producer, TopicPartition)
from confluent_kafka.admin import AdminClient, NewTopic
from checks import check, until

BOOTSTRAP = sys.argv[1]
RUN = "%x" % int(time.time() * 1000)
REBALANCES = [KafkaError.STALE_MEMBER_EPOCH, KafkaError.ILLEGAL_GENERATION, KafkaError.REBALANCE_IN_PROGRESS,
              KafkaError._NO_OFFSET]
admin = AdminClient({"bootstrap.servers": BOOTSTRAP})


def topic(name, partitions):
    full = "cpy-%s-%s" % (name, RUN)
    admin.create_topics([NewTopic(full, partitions, 1)])[full].result(15)
    return full


def produce(name, partitions, count, label):
    problems = []
    producer = Producer({"bootstrap.servers": BOOTSTRAP, "linger.ms": 5})
    for index in range(count):
        producer.produce(name, b"%s-%d" % (label.encode(), index), b"k%d" % index, index % partitions,
                         on_delivery=lambda error, _: error and problems.append(error))
    assert producer.flush(20) == 0 and not problems, problems


class Member:
    """A consumer on a thread of its own, that commits what it has read."""

    def __init__(self, name, settings, group, subscription):
        self.name, self.values, self.owned, self.history, self.failure = name, [], set(), [], None
        self.stopping, self.has_to_commit = False, False
        self.consumer = Consumer({
            "bootstrap.servers": BOOTSTRAP, "group.id": "%s-%s" % (group, RUN), "enable.auto.commit": False,
            "auto.offset.reset": "earliest", "topic.metadata.refresh.interval.ms": 500, "fetch.wait.max.ms": 100,
            **settings})
        self.consumer.subscribe([subscription], on_assign=self.assigned, on_revoke=self.revoked, on_lost=self.revoked)
        self.thread = threading.Thread(target=self.poll, daemon=True)
        self.thread.start()

    def assigned(self, consumer, partitions):
        self.history.append(len(partitions))
        self.owned = self.owned | {(each.topic, each.partition) for each in partitions}

    def revoked(self, consumer, partitions):
        self.history.append(-len(partitions))
        self.owned = self.owned - {(each.topic, each.partition) for each in partitions}

    def poll(self):
        try:
            while not self.stopping:
                messages = self.consumer.consume(100, 0.1)
                for message in messages:
                    assert message.error() is None, message.error()
                    self.values.append(message.value())
                if messages or self.has_to_commit:
                    self.commit()
            self.consumer.close()
        except Exception as error:
            self.failure = error

    def commit(self):
        try:
            self.consumer.commit(asynchronous=False)
            self.has_to_commit = False
        except KafkaException as error:
            # While the group rebalances a commit may be refused: of the part that is still its own it is tried again.
            assert error.args[0].code() in REBALANCES, error
            self.has_to_commit = error.args[0].code() != KafkaError._NO_OFFSET

    def close(self):
        self.stopping = True
        self.thread.join(15)
        assert self.failure is None, "%s: %r" % (self.name, self.failure)


def said(members):
    return " ".join("%s %s %s %s" % (m.name, sorted(m.owned), m.history, m.failure) for m in members)


def shared(members, partitions, most):
    until("a balanced assignment", 30, lambda: sum(len(m.owned) for m in members) == partitions
          and len(set().union(*(m.owned for m in members))) == partitions
          and max(len(m.owned) for m in members) <= most, lambda: said(members))


def read_once(members, count):
    until("%d records" % count, 20, lambda: sum(len(m.values) for m in members) >= count, lambda: said(members))
    values = [value for m in members for value in m.values]
    assert len(values) == len(set(values)) == count, "%d records, %d different" % (len(values), len(set(values)))


def three_members(label, settings):
    def run():
        name = topic("share-" + label, 6)
        members = [Member(each, settings, "share-" + label, name) for each in "abc"]
        shared(members, 6, 2)
        produce(name, 6, 300, "first")
        read_once(members, 300)
        produce(name, 6, 300, "second")
        read_once(members, 600)
        members[0].close()
        shared(members[1:], 6, 3)
        for member in members[1:]:
            member.close()
        produce(name, 6, 60, "third")
        again = Member("d", settings, "share-" + label, name)
        read_once([again], 60)
        again.close()
    return run


def static_member(label, settings):
    def run():
        name = topic("static-" + label, 4)
        stays = Member("stays", {**settings, "group.instance.id": "one"}, "static-" + label, name)
        goes = Member("goes", {**settings, "group.instance.id": "two"}, "static-" + label, name)
        shared([stays, goes], 4, 2)
        had, events = goes.owned, len(stays.history)
        goes.close()
        back = Member("back", {**settings, "group.instance.id": "two"}, "static-" + label, name)
        until("the same partitions", 20, lambda: back.owned == had, lambda: said([stays, back]))
        assert len(stays.history) == events, said([stays])
        stays.close()
        back.close()
    return run


def committing(label, settings):
    def run():
        name = topic("commit-" + label, 2)
        consumer = Consumer({"bootstrap.servers": BOOTSTRAP, "group.id": "commit-%s-%s" % (label, RUN),
                             "enable.auto.commit": False, **settings})
        consumer.subscribe([name])
        until("an assignment", 20, lambda: consumer.poll(0.1) or len(consumer.assignment()) == 2, lambda: "")
        consumer.commit(offsets=[TopicPartition(name, 0, 7, "seven")], asynchronous=False)
        found = consumer.committed([TopicPartition(name, 0), TopicPartition(name, 1)], 10)
        assert [each.offset for each in found] == [7, -1001], found
        assert found[0].metadata == "seven", found[0].metadata
        consumer.close()
    return run


def administration():
    name = topic("admin", 1)
    produce(name, 1, 10, "record")
    group = "admin-" + RUN
    member = Member("a", {"session.timeout.ms": 6000}, "admin", name)
    until("ten", 20, lambda: len(member.values) == 10, lambda: said([member]))
    listed = admin.list_consumer_groups(states={ConsumerGroupState.STABLE}).result(10)
    assert group in [each.group_id for each in listed.valid], listed.valid
    described = admin.describe_consumer_groups([group])[group].result(10)
    assert described.state == ConsumerGroupState.STABLE and len(described.members) == 1, described
    member.close()
    wanted = [ConsumerGroupTopicPartitions(group, [TopicPartition(name, 0, 4)])]
    admin.alter_consumer_group_offsets(wanted)[group].result(10)
    found = admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(group)])[group].result(10)
    assert found.topic_partitions[0].offset == 4, found.topic_partitions
    admin.delete_consumer_groups([group])[group].result(10)
    left = admin.list_consumer_groups().result(10)
    assert group not in [each.group_id for each in left.valid], "it is still listed"


classic = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 300}
ways = {
    "range": {**classic, "partition.assignment.strategy": "range"},
    "cooperative-sticky": {**classic, "partition.assignment.strategy": "cooperative-sticky"},
    "the new protocol": {"group.protocol": "consumer"},
}
for way, options in ways.items():
    short = way.replace(" ", "-")
    check("%s, three members share six partitions, leave, and the next goes on" % way, three_members(short, options))
    check("%s, a static member that comes back in time has what it had" % way, static_member(short, options))
    check("%s, an offset is committed with metadata and read back" % way, committing(short, options))
check("groups are listed, described, altered and deleted", administration)
print("done")
