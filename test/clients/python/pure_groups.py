# kafka-python in groups. One line a check.
import sys
import threading
import time
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.consumer.subscription_state import ConsumerRebalanceListener
from kafka.errors import CommitFailedError
from kafka.structs import OffsetAndMetadata
from checks import check, until

BOOTSTRAP = sys.argv[1]
RUN = "%x" % int(time.time() * 1000)


def topic(name, partitions):
    full = "kpy-%s-%s" % (name, RUN)
    admin = KafkaAdminClient(bootstrap_servers=BOOTSTRAP)
    admin.create_topics([NewTopic(full, partitions, 1)])
    admin.close()
    return full


def produce(name, partitions, count, label):
    producer = KafkaProducer(bootstrap_servers=BOOTSTRAP, acks="all")
    sent = [producer.send(name, b"%s-%d" % (label.encode(), i), partition=i % partitions) for i in range(count)]
    for future in sent:
        future.get(15)
    producer.close()


class Member(ConsumerRebalanceListener):
    def __init__(self, name, group, subscription, **settings):
        self.name, self.values, self.owned, self.history, self.failure = name, [], set(), [], None
        self.stopping, self.has_to_commit = False, False
        self.consumer = KafkaConsumer(
            bootstrap_servers=BOOTSTRAP, group_id="%s-%s" % (group, RUN), enable_auto_commit=False,
            auto_offset_reset="earliest", session_timeout_ms=6000, heartbeat_interval_ms=300, fetch_max_wait_ms=100,
            metadata_max_age_ms=1000, **settings)
        self.consumer.subscribe([subscription], listener=self)
        self.thread = threading.Thread(target=self.poll, daemon=True)
        self.thread.start()

    def on_partitions_assigned(self, assigned):
        self.history.append(len(assigned))
        self.owned = set(self.consumer.assignment()) | set(assigned)

    def on_partitions_revoked(self, revoked):
        self.history.append(-len(revoked))
        self.owned = self.owned - set(revoked)

    def poll(self):
        try:
            while not self.stopping:
                records = self.consumer.poll(timeout_ms=100)
                for some in records.values():
                    self.values += [record.value for record in some]
                if records or self.has_to_commit:
                    self.commit()
            self.consumer.close()
        except Exception as error:
            self.failure = error

    def commit(self):
        try:
            self.consumer.commit()
            self.has_to_commit = False
        except CommitFailedError:  # the group rebalances: tried again
            self.has_to_commit = True

    def close(self):
        self.stopping = True
        self.thread.join(15)
        assert self.failure is None, "%s: %r" % (self.name, self.failure)


def said(members):
    return " ".join("%s %s %s %s" % (m.name, len(m.owned), m.history, m.failure) for m in members)


def shared(members, partitions, most):
    until("a balanced assignment", 30, lambda: sum(len(m.owned) for m in members) == partitions
          and len(set().union(*(m.owned for m in members))) == partitions
          and max(len(m.owned) for m in members) <= most, lambda: said(members))


def read_once(members, count):
    until("%d records" % count, 20, lambda: sum(len(m.values) for m in members) >= count, lambda: said(members))
    values = [value for m in members for value in m.values]
    assert len(values) == len(set(values)) == count, "%d records, %d different" % (len(values), len(set(values)))


def three_members():
    name = topic("share", 6)
    members = [Member(each, "share", name) for each in "abc"]
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
    again = Member("d", "share", name)
    read_once([again], 60)
    again.close()


def static_member():
    name = topic("static", 4)
    stays = Member("stays", "static", name, group_instance_id="one")
    goes = Member("goes", "static", name, group_instance_id="two")
    shared([stays, goes], 4, 2)
    had, events = goes.owned, len(stays.history)
    goes.close()
    back = Member("back", "static", name, group_instance_id="two")
    until("the same partitions", 20, lambda: back.owned == had, lambda: said([stays, back]))
    assert len(stays.history) == events, said([stays])
    stays.close()
    back.close()


def committing():
    name = topic("commit", 2)
    zero, one = TopicPartition(name, 0), TopicPartition(name, 1)
    consumer = KafkaConsumer(bootstrap_servers=BOOTSTRAP, group_id="commit-" + RUN, enable_auto_commit=False)
    consumer.assign([zero, one])
    consumer.commit({zero: OffsetAndMetadata(7, "seven", -1)})
    assert consumer.committed(zero, metadata=True).metadata == "seven"
    assert consumer.committed(zero) == 7 and consumer.committed(one) is None
    consumer.close()


check("three members share six partitions, leave, and the next goes on", three_members)
check("a static member that comes back in time has what it had", static_member)
check("an offset is committed with metadata and read back", committing)
print("done")
