/**
 * Takes the place of NiiVue's own shader of slices. It keeps the intensities as they are and applies the
 * window here, so turning it costs nothing; labels are looked up in a table of our own, and outlines have
 * the same width on the screen at every zoom.
 */
export const SLICE_SHADER = `#version 300 es
precision highp int;
precision highp float;
uniform highp sampler3D volume;
uniform highp sampler3D drawing;
uniform highp sampler2D segmentTable;
uniform vec2 windowLimits;
uniform float outlineWidth;
uniform float labelsShown;
in vec3 texPos;
out vec4 color;

int labelAt(vec3 position) {
  if (any(lessThan(position, vec3(0.0))) || any(greaterThan(position, vec3(1.0)))) return 0;
  return int(texture(drawing, position).r * 255.0 + 0.5);
}

void main() {
  float value = texture(volume, texPos).r;
  float grey = clamp((value - windowLimits.x) / (windowLimits.y - windowLimits.x), 0.0, 1.0);
  color = vec4(vec3(grey), 1.0);
  if (labelsShown < 0.5) return;
  int label = labelAt(texPos);
  vec4 fill = texelFetch(segmentTable, ivec2(label, 0), 0);
  vec4 line = texelFetch(segmentTable, ivec2(label, 1), 0);
  vec3 right = dFdx(texPos) * outlineWidth;
  vec3 up = dFdy(texPos) * outlineWidth;
  if (label == 0 || line.a == 0.0) return;
  color.rgb = mix(color.rgb, fill.rgb, fill.a);
  if (outlineWidth <= 0.0) return;
  if (labelAt(texPos + right) != label || labelAt(texPos - right) != label ||
      labelAt(texPos + up) != label || labelAt(texPos - up) != label) {
    color.rgb = line.rgb;
  }
}`;
