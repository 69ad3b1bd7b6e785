// ApiVersions. Behaviour: lists what is registered, nothing else. A version above ours is answered by dispatch in v0
// form (see unsupportedApiVersions), as the client cannot know better yet. Versions: 3 client software name and version.
import { errorCode } from '../../protocol/error-codes.js'
import { apiVersionsRequest, apiVersionsResponse } from '../../protocol/messages/api-versions.js'
import type { InputOf } from '../../protocol/schema.js'
import type { ApiVersionRange } from './advertised.js'
import { defineApi, respond } from './api.js'

const key = 18
const softwareName = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

export const apiVersions = defineApi({
  key,
  name: 'ApiVersions',
  versions: [0, 4],
  request: apiVersionsRequest,
  response: apiVersionsResponse,
  needs: ['advertised'],
  handle({ clientSoftwareName, clientSoftwareVersion }, { apiVersion }, { advertised }) {
    const isNamed = softwareName.test(clientSoftwareName) && softwareName.test(clientSoftwareVersion)
    if (apiVersion >= 3 && !isNamed) return respond({ errorCode: errorCode('INVALID_REQUEST'), apiKeys: [] })
    return respond({ errorCode: 0, apiKeys: advertised() })
  },
  errorResponse: (_, error) => ({ errorCode: errorCode(error), apiKeys: [] })
})

/** The answer, always in v0 form, to a version that is not served: the range of this API alone. */
export function unsupportedApiVersions(
  advertised: readonly ApiVersionRange[]
): InputOf<typeof apiVersionsResponse> {
  return {
    errorCode: errorCode('UNSUPPORTED_VERSION'),
    apiKeys: advertised.filter(({ apiKey }) => apiKey === key)
  }
}
