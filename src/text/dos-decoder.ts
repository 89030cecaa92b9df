import { type BadBytes, type Decoder } from './decoder.js';

/** The characters of the bytes 0x80 to 0xFF in the code pages of DOS and of the Windows console. */
const codePages = {
  cp437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐' +
    '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  cp850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐' +
    '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  cp852:
    'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐' +
    '└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
} as const;

/** A code page that Node's `TextDecoder` does not know. */
export type DosEncoding = keyof typeof codePages;

/** Whether an encoding is one of the code pages that `DosDecoder` knows: `cp437`, `cp850` or `cp852`. */
export function isDosEncoding(encoding: string): encoding is DosEncoding {
  return encoding in codePages;
}

/** Decodes a code page of DOS. Each byte is a character, so nothing can be invalid. */
export class DosDecoder implements Decoder {
  readonly #units = new Uint16Array(256);

  constructor(
    readonly encoding: DosEncoding,
    private readonly bad: BadBytes,
  ) {
    for (let byte = 0; byte < 256; byte++) {
      this.#units[byte] = byte < 128 ? byte : codePages[encoding].charCodeAt(byte - 128);
    }
  }

  write(bytes: Buffer): string {
    const units = Uint16Array.from(bytes, (byte) => this.#units[byte] ?? 0);
    const text = Buffer.from(units.buffer).toString('utf16le');
    this.bad.passed(text);
    return text;
  }

  end(): string {
    return '';
  }
}
