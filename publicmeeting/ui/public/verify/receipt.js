// Reads the QR of a receipt from a picture, in this browser. If the browser cannot do it itself, a
// reader is fetched from this site, but only after a picture has been chosen.

const EDGES = [1000, 1800, 500]; // pixels of the longer edge, tried in this order

export async function codesIn(picture) {
  const image = await createImageBitmap(picture);
  // A telephone without Google's services has a reader that reads nothing.
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []);
  if (formats?.includes("qr_code")) {
    const found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(image);
    return found.map((one) => one.rawValue);
  }
  const { default: read } = await import("jsqr");
  for (const edge of EDGES) {
    const scale = Math.min(1, edge / Math.max(image.width, image.height));
    const [width, height] = [image.width, image.height].map((side) => Math.round(side * scale) || 1);
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(image, 0, 0, width, height);
    const found = read(pen.getImageData(0, 0, width, height).data, width, height);
    if (found?.data) return [found.data];
  }
  return [];
}
