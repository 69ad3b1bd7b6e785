// IncrementalAlterConfigs: single values are set, deleted, and taken into or out of lists. Behaviour: the controller checks
// and changes each resource alone; this translates. Versions: 1 flexible.
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse
} from '../../protocol/messages/incremental-alter-configs.js'
import { defineApi } from './api.js'
import { answerWhenAltered, refuseAll } from './config-alterations.js'

export const incrementalAlterConfigs = defineApi({
  key: 44,
  name: 'IncrementalAlterConfigs',
  versions: [0, 1],
  request: incrementalAlterConfigsRequest,
  response: incrementalAlterConfigsResponse,
  needs: ['controller'],
  handle(request, _, { controller }) {
    const resources = request.resources.map(({ resourceType: type, resourceName: name, configs }) => ({
      type,
      name,
      entries: configs.map(config => ({ name: config.name, op: config.configOperation, value: config.value }))
    }))
    const { validateOnly } = request
    return answerWhenAltered(
      request.resources,
      controller.alterConfigs({ mode: 'step', resources, validateOnly })
    )
  },
  errorResponse: ({ resources }, error) => refuseAll(resources, error)
})
