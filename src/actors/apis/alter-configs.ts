// AlterConfigs, the older of the two: what is not named goes back to its default. Behaviour: the controller checks and
// changes each resource alone; this translates. Versions: 2 flexible.
import { alterConfigsRequest, alterConfigsResponse } from '../../protocol/messages/alter-configs.js'
import { defineApi } from './api.js'
import { answerWhenAltered, refuseAll } from './config-alterations.js'

export const alterConfigs = defineApi({
  key: 33,
  name: 'AlterConfigs',
  versions: [0, 2],
  request: alterConfigsRequest,
  response: alterConfigsResponse,
  needs: ['controller'],
  handle(request, _, { controller }) {
    const resources = request.resources.map(({ resourceType: type, resourceName: name, configs }) => ({
      type,
      name,
      entries: configs.map(config => ({ name: config.name, op: 0, value: config.value }))
    }))
    const { validateOnly } = request
    return answerWhenAltered(
      request.resources,
      controller.alterConfigs({ mode: 'replace', resources, validateOnly })
    )
  },
  errorResponse: ({ resources }, error) => refuseAll(resources, error)
})
