import net from 'node:net'
import { errorMessage, StartupError } from '../../errors.js'

/** A free port of the host: listeners on port 0 are advertised before they open. */
export function reservePort(listener: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', error =>
      reject(new StartupError(`listeners: ${listener}://${host}:0: ${errorMessage(error)}`))
    )
    server.listen({ port: 0, ...(host === '' ? {} : { host }) }, () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
