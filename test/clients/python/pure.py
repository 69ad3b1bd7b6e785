# kafka-python: producer, assigned consumer, admin. One line a check.
import sys
import time
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic

BOOTSTRAP = sys.argv[1]
COUNT = 500


def check(title, run):
    try:
        run()
        print("ok " + title, flush=True)
    except Exception as error:  # the suite shows what the client said
        print("failed %s: %r" % (title, error), flush=True)


def create():
    admin = KafkaAdminClient(bootstrap_servers=BOOTSTRAP)
    admin.create_topics([NewTopic("pure-none", 1, 1), NewTopic("pure-gzip", 1, 1)])
    admin.close()


def delete():
    admin = KafkaAdminClient(bootstrap_servers=BOOTSTRAP)
    admin.delete_topics(["pure-gzip"])
    time.sleep(0.2)
    assert "pure-gzip" not in admin.list_topics(), "it is still there"
    admin.close()


def round_trip(codec):
    topic = "pure-" + codec

    def run():
        producer = KafkaProducer(
            bootstrap_servers=BOOTSTRAP, acks="all", compression_type=None if codec == "none" else codec)
        sent = [producer.send(topic, b"value %d" % i, b"k%d" % i, timestamp_ms=START + i * 1000, partition=0)
                for i in range(COUNT)]
        offsets = [future.get(15).offset for future in sent]
        producer.close()
        assert offsets == list(range(COUNT)), offsets[:10]
        consumer = KafkaConsumer(bootstrap_servers=BOOTSTRAP, consumer_timeout_ms=8000, enable_auto_commit=False)
        consumer.assign([TopicPartition(topic, 0)])
        consumer.seek(TopicPartition(topic, 0), 0)
        seen = 0
        for record in consumer:
            assert (record.offset, record.key, record.value) == (seen, b"k%d" % seen, b"value %d" % seen), record
            seen += 1
            if seen == COUNT:
                break
        consumer.close()
        assert seen == COUNT, "%d of %d records" % (seen, COUNT)
    return run


def offsets_for_times():
    consumer = KafkaConsumer(bootstrap_servers=BOOTSTRAP)
    partition = TopicPartition("pure-none", 0)
    found = consumer.offsets_for_times({partition: START + 100_500})
    consumer.close()
    assert found[partition].offset == 101, found


START = (int(time.time()) - 5000) * 1000
check("admin creates a topic", create)
for name in ["none", "gzip"]:
    check("a producer with " + name + " is read back", round_trip(name))
check("offsets for times", offsets_for_times)
check("admin deletes a topic", delete)
print("done")
