// IncrementalAlterConfigs: single values are set, deleted, and taken into or out of lists. Behaviour: the controller checks
// and changes each resource alone; this translates. Versions: 1 flexible.
import { type ErrorName, errorCode } from '../../protocol/error-codes.js'
import {
  type IncrementalAlterConfigsRequest,
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse
} from '../../protocol/messages/incremental-alter-configs.js'
import { defineApi, respond } from './api.js'

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
    const completion = controller
      .alterConfigs({ mode: 'step', resources, validateOnly })
      .then(verdicts =>
        respond(answerOf(request, i => verdicts[i] ?? { error: 'UNKNOWN_SERVER_ERROR', message: null }))
      )
    return { kind: 'park', completion }
  },
  errorResponse: (request, error) => answerOf(request, () => ({ error, message: null }))
})

function answerOf(
  { resources }: IncrementalAlterConfigsRequest,
  verdictOf: (i: number) => { readonly error: ErrorName; readonly message: string | null }
) {
  return {
    responses: resources.map(({ resourceType, resourceName }, i) => {
      const { error, message } = verdictOf(i)
      return { errorCode: errorCode(error), errorMessage: message, resourceType, resourceName }
    })
  }
}
