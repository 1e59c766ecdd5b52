// Makes a photo smaller before the upload: twelve megabytes over a slow line take minutes, and many
// phones' photos are larger than the server accepts. If anything fails, the file is sent unchanged
// and the server decides.

const LONGEST = 2560; // pixels of the longer side: an A4 page stays readable
const LIGHT = 1.5 * 1024 * 1024; // bytes; a file that is neither larger nor longer is sent unchanged
const QUALITY = 0.85;
const PATIENCE = 30; // seconds
const PHOTOGRAPHS = ["", "image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"];

const loaded = (url) =>
  new Promise((done, failed) => {
    const image = new Image();
    image.onload = () => done(image);
    image.onerror = failed;
    image.src = url;
  });

// The browser draws it upright, as it shows it: the copy has no EXIF orientation.
async function redrawn(file) {
  const url = URL.createObjectURL(file);
  const canvas = document.createElement("canvas");
  try {
    const image = await loaded(url);
    const longest = Math.max(image.naturalWidth, image.naturalHeight);
    if (longest <= LONGEST && file.size <= LIGHT) return file;
    const scale = Math.min(1, LONGEST / longest);
    canvas.width = Math.round(image.naturalWidth * scale) || 1;
    canvas.height = Math.round(image.naturalHeight * scale) || 1;
    const pen = canvas.getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    // A browser without enough memory draws nothing and reports no error.
    const middle = pen.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data;
    if (middle[3] === 0) return file;
    pen.globalCompositeOperation = "destination-over";
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return made && made.size < file.size ? made : file;
  } finally {
    URL.revokeObjectURL(url);
    canvas.width = canvas.height = 0; // frees memory: phones keep the pixels of a canvas for a long time
  }
}

export async function smaller(file) {
  if (!PHOTOGRAPHS.includes(file.type) || !CSS.supports("image-orientation", "from-image")) {
    return file;
  }
  const tired = new Promise((done) => setTimeout(done, PATIENCE * 1000, file));
  return Promise.race([redrawn(file).catch(() => file), tired]);
}
