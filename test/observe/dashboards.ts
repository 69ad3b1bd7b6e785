// The names of the metrics that the queries of public Grafana dashboards for Kafka ask for, each with the labels by which they
// are chosen or shown (names only; without those of the scrape), by the exporter rules that a dashboard is made for. For those
// that a broker like this one cannot answer, the reason.
import type { RuleSet } from '../../src/observe/metric-rules.js'

export interface Dashboard {
  readonly title: string
  /** Repository on GitHub, path, commit. */
  readonly source: string
  readonly rules: RuleSet
  /** `name` or `name{label,label}`, separated by spaces. */
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
      kafka_controller_kafkacontroller_offlinepartitionscount
      kafka_server_brokertopicmetrics_bytesin_total{topic} kafka_server_brokertopicmetrics_bytesout_total{topic}
      kafka_server_brokertopicmetrics_messagesin_total{topic} kafka_server_replicamanager_partitioncount
      kafka_server_replicamanager_underreplicatedpartitions process_cpu_seconds_total`
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
      kafka_controller_kafkacontroller_offlinepartitionscount kafka_log_log_size{partition,topic}
      kafka_network_socketserver_networkprocessoravgidle_percent
      kafka_server_brokertopicmetrics_bytesin_total{topic} kafka_server_brokertopicmetrics_bytesout_total{topic}
      kafka_server_brokertopicmetrics_failedfetchrequests_total{topic}
      kafka_server_brokertopicmetrics_failedproducerequests_total{topic}
      kafka_server_brokertopicmetrics_messagesin_total{topic}
      kafka_server_brokertopicmetrics_totalfetchrequests_total{topic}
      kafka_server_brokertopicmetrics_totalproducerequests_total{topic}
      kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent
      kafka_server_kafkaserver_linux_disk_read_bytes kafka_server_kafkaserver_linux_disk_write_bytes
      kafka_server_replicamanager_leadercount kafka_server_replicamanager_partitioncount
      kafka_server_replicamanager_underreplicatedpartitions
      kafka_server_socket_server_metrics_connection_count{listener} kubelet_volume_stats_available_bytes
      process_open_fds`
  },
  {
    title: 'Confluent Kafka cluster',
    source:
      'confluentinc/jmx-monitoring-stacks jmxexporter-prometheus-grafana/assets/grafana/provisioning/dashboards/kafka-cluster.json 9707c1ab69e5',
    rules: 'confluent',
    names: `
      jvm_gc_collection_seconds_sum jvm_memory_bytes_max{area} jvm_memory_used_bytes
      kafka_cluster_partition_underminisr kafka_controller_controllerstats_uncleanleaderelectionspersec
      kafka_controller_kafkacontroller_activecontrollercount
      kafka_controller_kafkacontroller_offlinepartitionscount
      kafka_controller_kafkacontroller_preferredreplicaimbalancecount
      kafka_coordinator_group_groupmetadatamanager_numgroups
      kafka_coordinator_group_groupmetadatamanager_numgroupscompletingrebalance
      kafka_coordinator_group_groupmetadatamanager_numgroupsdead
      kafka_coordinator_group_groupmetadatamanager_numgroupsempty
      kafka_coordinator_group_groupmetadatamanager_numgroupspreparingrebalance
      kafka_coordinator_group_groupmetadatamanager_numgroupsstable kafka_log_log_size{topic}
      kafka_log_log_tiersize kafka_network_acceptor_acceptorblockedpercent{listener}
      kafka_network_requestchannel_requestqueuesize kafka_network_requestchannel_responsequeuesize
      kafka_network_requestmetrics_deprecatedrequestspersec_fiveminuterate{api_name,api_version,client_software_name,client_software_version}
      kafka_network_requestmetrics_errorspersec{error}
      kafka_network_requestmetrics_localtimems{quantile,request}
      kafka_network_requestmetrics_remotetimems{quantile,request}
      kafka_network_requestmetrics_requestqueuetimems{quantile,request}
      kafka_network_requestmetrics_requestspersec{request}
      kafka_network_requestmetrics_responsequeuetimems{quantile,request}
      kafka_network_requestmetrics_responsesendtimems{quantile,request}
      kafka_network_requestmetrics_totaltimems{quantile,request}
      kafka_network_socketserver_networkprocessoravgidlepercent
      kafka_server_brokertopicmetrics_bytesinpersec{topic} kafka_server_brokertopicmetrics_bytesoutpersec{topic}
      kafka_server_brokertopicmetrics_fetchmessageconversionspersec{topic}
      kafka_server_brokertopicmetrics_messagesinpersec{topic}
      kafka_server_brokertopicmetrics_producemessageconversionspersec{topic}
      kafka_server_fetchsessioncache_incrementalfetchsessionevictionspersec
      kafka_server_fetchsessioncache_numincrementalfetchsessions
      kafka_server_kafkarequesthandlerpool_requesthandleravgidlepercent_oneminuterate
      kafka_server_kafkaserver_brokerstate kafka_server_kafkaserver_linux_disk_read_bytes
      kafka_server_kafkaserver_linux_disk_write_bytes kafka_server_replicafetchermanager_maxlag{clientid}
      kafka_server_replicafetchermanager_minfetchrate{clientid} kafka_server_replicamanager_isrexpandspersec
      kafka_server_replicamanager_isrshrinkspersec kafka_server_replicamanager_leadercount
      kafka_server_replicamanager_partitioncount kafka_server_replicamanager_straypartitionscount
      kafka_server_replicamanager_straypartitionsmisclassifiedcount
      kafka_server_replicamanager_straypartitionstotalsize kafka_server_replicamanager_underreplicatedpartitions
      kafka_server_sessionexpirelistener_zookeeperauthfailurespersec
      kafka_server_sessionexpirelistener_zookeeperdisconnectspersec
      kafka_server_sessionexpirelistener_zookeeperexpirespersec
      kafka_server_sessionexpirelistener_zookeepersyncconnectspersec
      kafka_server_socketservermetrics_connection_close_rate{listener}
      kafka_server_socketservermetrics_connection_count{listener}
      kafka_server_socketservermetrics_connection_creation_rate{listener}
      kafka_server_socketservermetrics_connections{client_software_name,client_software_version}
      kafka_server_zookeeperclientmetrics_zookeeperrequestlatencyms{quantile}
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
      kafka_log_log_logendoffset{topic} kafka_log_log_logstartoffset{topic} kafka_log_log_size{topic}
      kafka_log_log_tiersize{topic} kafka_server_brokertopicmetrics_bytesinpersec{topic}
      kafka_server_brokertopicmetrics_bytesoutpersec{topic}
      kafka_server_brokertopicmetrics_messagesinpersec{topic}
      kafka_server_brokertopicmetrics_totalfetchrequestspersec{topic}
      kafka_server_brokertopicmetrics_totalproducerequestspersec{topic} kafka_server_kafkaserver_brokerstate`
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
