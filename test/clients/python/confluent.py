# confluent-kafka: idempotent producer with each codec, assigned consumer, admin. One line a check.
import sys
import time
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

BOOTSTRAP = sys.argv[1]
COUNT = 1000


def check(title, run):
    try:
        run()
        print("ok " + title, flush=True)
    except Exception as error:  # the suite shows what the client said
        print("failed %s: %s" % (title, str(error).replace("\n", " ")), flush=True)


def create():
    for future in admin.create_topics([NewTopic("py-" + codec, 1, 1) for codec in CODECS]).values():
        future.result(15)


def delete():
    admin.delete_topics(["py-gzip"])["py-gzip"].result(15)
    time.sleep(0.2)
    assert "py-gzip" not in admin.list_topics(timeout=10).topics, "it is still there"


def produced(codec, index):
    return (b"k%d" % index, b"%s value %d" % (codec.encode(), index))


def produce(codec):
    problems = []
    producer = Producer({
        "bootstrap.servers": BOOTSTRAP, "enable.idempotence": True, "compression.type": codec, "linger.ms": 5})
    for index in range(COUNT):
        key, value = produced(codec, index)
        producer.produce("py-" + codec, value, key, 0, timestamp=START + index * 1000,
                         on_delivery=lambda error, _: error and problems.append(error))
    left = producer.flush(20)
    assert left == 0, "%d records are not acknowledged" % left
    assert not problems, problems[0]


def consume(codec):
    consumer = Consumer({
        "bootstrap.servers": BOOTSTRAP, "group.id": "assigned", "enable.auto.commit": False, "check.crcs": True})
    consumer.assign([TopicPartition("py-" + codec, 0, 0)])
    seen = 0
    deadline = time.time() + 15
    while seen < COUNT and time.time() < deadline:
        for message in consumer.consume(500, 1):
            assert message.error() is None, message.error()
            assert message.offset() == seen, "offset %d instead of %d" % (message.offset(), seen)
            assert (message.key(), message.value()) == produced(codec, seen), message.value()
            assert message.timestamp()[1] == START + seen * 1000, message.timestamp()
            seen += 1
    consumer.close()
    assert seen == COUNT, "%d of %d records" % (seen, COUNT)


def round_trip(codec):
    def run():
        produce(codec)
        consume(codec)
    return run


def offsets_for_times():
    consumer = Consumer({"bootstrap.servers": BOOTSTRAP, "group.id": "assigned"})
    found = consumer.offsets_for_times([TopicPartition("py-lz4", 0, START + 500_500)], timeout=10)
    consumer.close()
    assert found[0].offset == 501, found[0]


def watermarks():
    consumer = Consumer({"bootstrap.servers": BOOTSTRAP, "group.id": "assigned"})
    found = consumer.get_watermark_offsets(TopicPartition("py-none", 0), timeout=10)
    consumer.close()
    assert found == (0, COUNT), found


CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]
START = (int(time.time()) - 5000) * 1000
admin = AdminClient({"bootstrap.servers": BOOTSTRAP})
check("admin creates a topic", create)
for name in CODECS:
    check("an idempotent producer with " + name + " is read back", round_trip(name))
check("offsets for times", offsets_for_times)
check("watermarks", watermarks)
check("admin deletes a topic", delete)
print("done")
