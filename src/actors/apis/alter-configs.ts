// AlterConfigs, the older of the two: what is not named goes back to its default. Behaviour: the controller checks and
// changes each resource alone; this translates. Versions: 2 flexible.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type AlterConfigsRequest,
  alterConfigsRequest,
  alterConfigsResponse
} from '../../protocol/messages/alter-configs.js'
import { defineApi, respond } from './api.js'

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
    const completion = controller
      .alterConfigs({ mode: 'replace', resources, validateOnly })
      .then(verdicts =>
        respond(answerOf(request, i => verdicts[i] ?? { error: 'UNKNOWN_SERVER_ERROR', message: null }))
      )
    return { kind: 'park', completion }
  },
  errorResponse: (request, error) => answerOf(request, () => ({ error, message: null }))
})

function answerOf(
  { resources }: AlterConfigsRequest,
  verdictOf: (i: number) => { readonly error: ErrorName; readonly message: string | null }
) {
  return {
    responses: resources.map(({ resourceType, resourceName }, i) => {
      const { error, message } = verdictOf(i)
      return { errorCode: errorCode(error), errorMessage: message, resourceType, resourceName }
    })
  }
}
