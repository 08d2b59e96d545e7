/**
 * A personnummer, samordningsnummer or immunitetsnummer of twelve digits whose check digit is right. Only
 * `parsePersonId` and `toPersonId` make one, so a ten-digit number cannot reach a port.
 */
export type PersonId = string & { readonly __brand: 'PersonId' };
