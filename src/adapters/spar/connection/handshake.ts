import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { Text } from '../../../domain/text.ts';
import { type CertificateDescription, describeCertificate } from './certificate.ts';
import { type ChannelOptions, codeOf, createTlsContext } from './https-channel.ts';
import { explainFailure, isDistrust } from './transport-failure.ts';

/** What one TLS handshake showed. */
export type Handshake =
  | {
      readonly kind: 'connected';
      readonly host: string;
      /** `TLSv1.2` or `TLSv1.3` */
      readonly protocol: string;
      readonly server: CertificateDescription;
    }
  | {
      readonly kind: 'unavailable';
      /** `closed`: the server took the call and hung up, as some do that do not take our certificate. */
      readonly why: 'not-reached' | 'not-trusted' | 'closed';
      readonly detail: Text;
    };

interface Failed {
  readonly kind: 'failed';
  readonly code: string;
  /** The other end had taken the call, and ended it. */
  readonly hungUp?: boolean;
}

/** How long a server that has let us in may take to say that it has changed its mind. */
const SECOND_THOUGHTS_MS = 1000;

/**
 * One handshake with SPAR as a lookup would make it, and nothing more: nobody is asked about. Throws
 * `spar-rejected` when SPAR refuses the certificate.
 */
export async function shakeHands(options: Omit<ChannelOptions, 'concurrency'>): Promise<Handshake> {
  const { hostname, port } = new URL(options.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const outcome = await new Promise<Handshake | Failed>((resolve) => {
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
    const settle = (result: Handshake | Failed): void => {
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
    let isThere = false;
    const hangUp = (code: string): void =>
      settle({ kind: 'failed', code, hungUp: isThere && code === 'ECONNRESET' });
    socket.on('connect', () => {
      isThere = true;
    });
    socket.on('error', (error) => hangUp(codeOf(error)));
    // Whoever means yes waits for our question: hung up on after the handshake, we have been thrown out.
    socket.on('close', () => hangUp('ECONNRESET'));
    socket.on('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate === undefined) return settle({ kind: 'failed', code: 'ERR_UNKNOWN' });
      const protocol = socket.getProtocol() ?? '?';
      connected = { kind: 'connected', host, protocol, server: describeCertificate(certificate) };
      // In TLS 1.3 the server looks at our certificate only after we are connected, and a ticket means yes.
      // In both, a server may take any certificate in the handshake and hang up on those it does not know.
      secondThoughts = setTimeout(settleConnected, SECOND_THOUGHTS_MS);
    });
    socket.on('session', () => {
      if (socket.getProtocol() === 'TLSv1.3') settleConnected();
    });
    socket.resume();
  });
  if (outcome.kind !== 'failed') return outcome;
  const explained = explainFailure({ code: outcome.code, deadSocket: false });
  if (explained instanceof Error) throw explained;
  const why = isDistrust(outcome.code) ? 'not-trusted' : outcome.hungUp ? 'closed' : 'not-reached';
  return { kind: 'unavailable', why, detail: explained.detail };
}
