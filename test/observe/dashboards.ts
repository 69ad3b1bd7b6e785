// The names of the metrics that the queries of public Grafana dashboards for Kafka ask for (names only), by the exporter rules that
// each dashboard is made for, and for those that a broker like this one cannot answer the reason.
import type { RuleSet } from '../../src/observe/metric-rules.js'

export interface Dashboard {
  readonly title: string
  /** Repository on GitHub, path, commit. */
  readonly source: string
  readonly rules: RuleSet
  readonly names: string
}

export const dashboards: readonly Dashboard[] = [
  {
    title: 'Kafka Overview',
    source: 'ali1dc/grafana dashboards/kafka-overview.json a10df0573685',
    rules: 'usual',
    names: `
      jvm_gc_collection_seconds_sum jvm_memory_bytes_used
      kafka_controller_controllerstats_uncleanleaderelectionspersec
      kafka_controller_kafkacontroller_activecontrollercount
      kafka_controller_kafkacontroller_offlinepartitionscount kafka_server_brokertopicmetrics_bytesin_total
      kafka_server_brokertopicmetrics_bytesout_total kafka_server_brokertopicmetrics_messagesin_total
      kafka_server_replicamanager_partitioncount kafka_server_replicamanager_underreplicatedpartitions
      process_cpu_seconds_total`
  },
  {
    title: 'Strimzi Kafka',
    source:
      'strimzi/strimzi-kafka-operator examples/metrics/grafana-dashboards/strimzi-kafka.json 8541da1e336b',
    rules: 'strimzi',
    names: `
      container_cpu_usage_seconds_total container_memory_usage_bytes jvm_gc_collection_seconds_count
      jvm_gc_collection_seconds_sum jvm_memory_used_bytes jvm_threads_current kafka_cluster_partition_atminisr
      kafka_cluster_partition_replicascount kafka_cluster_partition_underminisr
      kafka_controller_controllerstats_uncleanleaderelections_total
      kafka_controller_kafkacontroller_activecontrollercount
      kafka_controller_kafkacontroller_offlinepartitionscount kafka_log_log_size
      kafka_network_socketserver_networkprocessoravgidle_percent kafka_server_brokertopicmetrics_bytesin_total
      kafka_server_brokertopicmetrics_bytesout_total kafka_server_brokertopicmetrics_failedfetchrequests_total
      kafka_server_brokertopicmetrics_failedproducerequests_total
      kafka_server_brokertopicmetrics_messagesin_total kafka_server_brokertopicmetrics_totalfetchrequests_total
      kafka_server_brokertopicmetrics_totalproducerequests_total
      kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent
      kafka_server_kafkaserver_linux_disk_read_bytes kafka_server_kafkaserver_linux_disk_write_bytes
      kafka_server_replicamanager_leadercount kafka_server_replicamanager_partitioncount
      kafka_server_replicamanager_underreplicatedpartitions kafka_server_socket_server_metrics_connection_count
      kubelet_volume_stats_available_bytes process_open_fds`
  },
  {
    title: 'Confluent Kafka cluster',
    source:
      'confluentinc/jmx-monitoring-stacks jmxexporter-prometheus-grafana/assets/grafana/provisioning/dashboards/kafka-cluster.json 9707c1ab69e5',
    rules: 'confluent',
    names: `
      jvm_gc_collection_seconds_sum jvm_memory_bytes_max jvm_memory_used_bytes
      kafka_cluster_partition_underminisr kafka_controller_controllerstats_uncleanleaderelectionspersec
      kafka_controller_kafkacontroller_activecontrollercount
      kafka_controller_kafkacontroller_offlinepartitionscount
      kafka_controller_kafkacontroller_preferredreplicaimbalancecount
      kafka_coordinator_group_groupmetadatamanager_numgroups
      kafka_coordinator_group_groupmetadatamanager_numgroupscompletingrebalance
      kafka_coordinator_group_groupmetadatamanager_numgroupsdead
      kafka_coordinator_group_groupmetadatamanager_numgroupsempty
      kafka_coordinator_group_groupmetadatamanager_numgroupspreparingrebalance
      kafka_coordinator_group_groupmetadatamanager_numgroupsstable kafka_log_log_size kafka_log_log_tiersize
      kafka_network_acceptor_acceptorblockedpercent kafka_network_requestchannel_requestqueuesize
      kafka_network_requestchannel_responsequeuesize
      kafka_network_requestmetrics_deprecatedrequestspersec_fiveminuterate
      kafka_network_requestmetrics_errorspersec kafka_network_requestmetrics_localtimems
      kafka_network_requestmetrics_remotetimems kafka_network_requestmetrics_requestqueuetimems
      kafka_network_requestmetrics_requestspersec kafka_network_requestmetrics_responsequeuetimems
      kafka_network_requestmetrics_responsesendtimems kafka_network_requestmetrics_totaltimems
      kafka_network_socketserver_networkprocessoravgidlepercent kafka_server_brokertopicmetrics_bytesinpersec
      kafka_server_brokertopicmetrics_bytesoutpersec
      kafka_server_brokertopicmetrics_fetchmessageconversionspersec
      kafka_server_brokertopicmetrics_messagesinpersec
      kafka_server_brokertopicmetrics_producemessageconversionspersec
      kafka_server_fetchsessioncache_incrementalfetchsessionevictionspersec
      kafka_server_fetchsessioncache_numincrementalfetchsessions
      kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent_oneminuterate
      kafka_server_kafkaserver_brokerstate kafka_server_kafkaserver_linux_disk_read_bytes
      kafka_server_kafkaserver_linux_disk_write_bytes kafka_server_replicafetchermanager_maxlag
      kafka_server_replicafetchermanager_minfetchrate kafka_server_replicamanager_isrexpandspersec
      kafka_server_replicamanager_isrshrinkspersec kafka_server_replicamanager_leadercount
      kafka_server_replicamanager_partitioncount kafka_server_replicamanager_straypartitionscount
      kafka_server_replicamanager_straypartitionsmisclassifiedcount
      kafka_server_replicamanager_straypartitionstotalsize kafka_server_replicamanager_underreplicatedpartitions
      kafka_server_sessionexpirelistener_zookeeperauthfailurespersec
      kafka_server_sessionexpirelistener_zookeeperdisconnectspersec
      kafka_server_sessionexpirelistener_zookeeperexpirespersec
      kafka_server_sessionexpirelistener_zookeepersyncconnectspersec
      kafka_server_socketservermetrics_connection_close_rate kafka_server_socketservermetrics_connection_count
      kafka_server_socketservermetrics_connection_creation_rate kafka_server_socketservermetrics_connections
      kafka_server_zookeeperclientmetrics_zookeeperrequestlatencyms
      kafka_tier_tasks_archive_tierarchiver_bytespersec kafka_tier_tasks_archive_tierarchiver_retriespersec
      kafka_tier_tasks_archive_tierarchiver_totallag kafka_tier_tasks_tiertasks_numpartitionsinerror
      process_cpu_seconds_total`
  },
  {
    title: 'Confluent Kafka topics',
    source:
      'confluentinc/jmx-monitoring-stacks jmxexporter-prometheus-grafana/assets/grafana/provisioning/dashboards/kafka-topics.json 9707c1ab69e5',
    rules: 'confluent',
    names: `
      kafka_controller_kafkacontroller_globalpartitioncount kafka_controller_kafkacontroller_globaltopiccount
      kafka_log_log_logendoffset kafka_log_log_logstartoffset kafka_log_log_size kafka_log_log_tiersize
      kafka_server_brokertopicmetrics_bytesinpersec kafka_server_brokertopicmetrics_bytesoutpersec
      kafka_server_brokertopicmetrics_messagesinpersec kafka_server_brokertopicmetrics_totalfetchrequestspersec
      kafka_server_brokertopicmetrics_totalproducerequestspersec kafka_server_kafkaserver_brokerstate`
  }
]

/** The first that matches counts. */
export const reasons: ReadonlyArray<readonly [names: RegExp, why: string]> = [
  [/^(container|kubelet)_/, 'of Kubernetes, not of a broker'],
  [/^jvm_/, 'there is no Java here: `nodejs_heap_size_used_bytes`, `odradek_event_loop_delay_ms`'],
  [/tier/, 'tiered storage, of Confluent Server'],
  [/_straypartitions/, 'of Confluent Server'],
  [
    /^kafka_controller_controllerstats_uncleanleaderelectionspersec$/,
    'a name of other rules, which that dashboard mixes with its own'
  ],
  [/zookeeper/, 'there is no ZooKeeper: the metadata tree is in the broker'],
  [/_replicafetchermanager_/, 'there are no followers'],
  [/messageconversionspersec$/, 'conversions are not counted'],
  [/deprecatedrequestspersec/, 'requests are not counted by what later releases drop']
]
