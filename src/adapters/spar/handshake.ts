import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { Text } from '../../domain/text.ts';
import { type CertificateDescription, describeCertificate } from './certificate.ts';
import { type ChannelOptions, codeOf, createTlsContext } from './https-channel.ts';
import { explainFailure } from './transport-failure.ts';

/** What one TLS handshake showed. */
export type Handshake =
  | {
      readonly kind: 'connected';
      readonly host: string;
      /** `TLSv1.2` or `TLSv1.3` */
      readonly protocol: string;
      readonly server: CertificateDescription;
    }
  | { readonly kind: 'unavailable'; readonly detail: Text };

/** How long a server that has let us in may take to say that it has changed its mind. */
const SECOND_THOUGHTS_MS = 1000;

/**
 * One handshake with SPAR as a lookup would make it, and nothing more: nobody is asked about. Throws
 * `spar-rejected` when SPAR refuses the certificate.
 */
export async function shakeHands(options: Omit<ChannelOptions, 'concurrency'>): Promise<Handshake> {
  const { hostname, port } = new URL(options.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const outcome = await new Promise<Handshake | { readonly kind: 'failed'; readonly code: string }>(
    (resolve) => {
      const socket = connect({
        host,
        port: port === '' ? 443 : Number(port),
        ...(isIP(host) === 0 ? { servername: host } : {}),
        secureContext: createTlsContext(options),
        rejectUnauthorized: true,
        ALPNProtocols: ['http/1.1'],
      });
      let connected: Handshake | undefined;
      let secondThoughts: NodeJS.Timeout | undefined;
      const settle = (result: Handshake | { readonly kind: 'failed'; readonly code: string }): void => {
        clearTimeout(deadline);
        clearTimeout(secondThoughts);
        resolve(result);
        socket.destroy();
      };
      const deadline = setTimeout(
        () => settle(connected ?? { kind: 'failed', code: 'deadline' }),
        options.timeoutSeconds * 1000,
      );
      const settleConnected = (): void => {
        if (connected !== undefined) settle(connected);
      };
      socket.on('error', (error) => settle({ kind: 'failed', code: codeOf(error) }));
      socket.on('close', () => settle(connected ?? { kind: 'failed', code: 'ECONNRESET' }));
      socket.on('secureConnect', () => {
        const certificate = socket.getPeerX509Certificate();
        if (certificate === undefined) return settle({ kind: 'failed', code: 'ERR_UNKNOWN' });
        const protocol = socket.getProtocol() ?? '?';
        connected = { kind: 'connected', host, protocol, server: describeCertificate(certificate) };
        // In TLS 1.3 the server looks at our certificate only after we are connected. A ticket means yes.
        if (protocol !== 'TLSv1.3') return settle(connected);
        secondThoughts = setTimeout(settleConnected, SECOND_THOUGHTS_MS);
      });
      socket.on('session', settleConnected);
      socket.resume();
    },
  );
  if (outcome.kind !== 'failed') return outcome;
  const explained = explainFailure({ code: outcome.code, deadSocket: false });
  if (explained instanceof Error) throw explained;
  return { kind: 'unavailable', detail: explained.detail };
}
