/*
 * Fragment shaders that take the places of NiiVue's own. They keep the intensities as they are and apply
 * the window here, so turning it costs nothing; labels are looked up in a table of our own, and outlines
 * have the same width on the screen at every zoom.
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

export const SURFACE_VERTEX_SHADER = `#version 300 es
out vec2 place;
void main(void) {
  place = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
  gl_Position = vec4(place, 0.0, 1.0);
}`;

/**
 * Labels as lit surfaces, front to back, over a faint projection of the image's bright parts. Lengths are
 * mm along the voxel axes.
 */
export const SURFACE_SHADER = `#version 300 es
precision highp int;
precision highp float;
uniform highp sampler3D volume;
uniform highp sampler3D drawing;
uniform highp sampler2D segmentTable;
uniform vec2 windowLimits;
uniform vec3 voxels;
uniform vec3 extent;
uniform vec3 right;
uniform vec3 up;
uniform vec3 forward;
uniform vec2 halfView;
uniform float stepVoxels;
uniform float labelsShown;
uniform float imageShown;
in vec2 place;
out vec4 color;

int labelAt(vec3 position) {
  return int(texture(drawing, position).r * 255.0 + 0.5);
}

float inside(vec3 position, int label) {
  return labelAt(position) == label ? 1.0 : 0.0;
}

float slope(vec3 position, vec3 step, int label) {
  return inside(position - step, label) - inside(position + step, label);
}

vec3 normalAt(vec3 position, int label) {
  vec3 sum = vec3(0.0);
  for (int reach = 1; reach <= 3; reach++) {
    vec3 d = float(reach) / voxels;
    sum += vec3(slope(position, vec3(d.x, 0.0, 0.0), label), slope(position, vec3(0.0, d.y, 0.0), label),
                slope(position, vec3(0.0, 0.0, d.z), label)) * 2.0;
    sum += slope(position, d, label);
    sum += slope(position, d * vec3(1.0, 1.0, -1.0), label) * vec3(1.0, 1.0, -1.0);
    sum += slope(position, d * vec3(1.0, -1.0, 1.0), label) * vec3(1.0, -1.0, 1.0);
    sum += slope(position, d * vec3(-1.0, 1.0, 1.0), label) * vec3(-1.0, 1.0, 1.0);
  }
  vec3 mm = sum * voxels / extent;
  return dot(mm, mm) > 0.0 ? normalize(mm) : -forward;
}

void main() {
  color = vec4(0.0, 0.0, 0.0, 1.0);
  vec3 eye = (extent * 0.5 + right * place.x * halfView.x + up * place.y * halfView.y) / extent;
  vec3 direction = forward / extent;
  vec3 inverse = 1.0 / (direction + vec3(equal(direction, vec3(0.0))) * 1e-9);
  vec3 one = inverse * -eye;
  vec3 other = inverse * (vec3(1.0) - eye);
  vec3 entries = min(one, other);
  vec3 exits = max(one, other);
  float start = max(entries.x, max(entries.y, entries.z));
  float end = min(exits.x, min(exits.y, exits.z));
  if (start >= end) return;
  float stride = stepVoxels / length(forward * voxels / extent);
  vec3 rgb = vec3(0.0);
  float through = 1.0;
  float brightest = 0.0;
  int before = 0;
  for (float t = start + 0.5 * stride; t < end; t += stride) {
    vec3 position = eye + direction * t;
    if (imageShown > 0.0) brightest = max(brightest, texture(volume, position).r - windowLimits.x);
    if (labelsShown < 0.5) continue;
    int label = labelAt(position);
    if (label == before) continue;
    before = label;
    if (label == 0) continue;
    vec4 surface = texelFetch(segmentTable, ivec2(label, 1), 0);
    if (surface.a == 0.0) continue;
    float low = t - stride;
    float high = t;
    for (int halving = 0; halving < 3; halving++) {
      float middle = 0.5 * (low + high);
      if (labelAt(eye + direction * middle) == label) high = middle; else low = middle;
    }
    float opacity = mix(0.3, 1.0, texelFetch(segmentTable, ivec2(label, 0), 0).a);
    vec3 normal = normalAt(eye + direction * high, label);
    float facing = abs(dot(normal, forward));
    float above = 0.5 + 0.5 * dot(normal, up);
    vec3 lit = surface.rgb * (0.2 + 0.6 * facing + 0.2 * above) + pow(facing, 24.0) * 0.15;
    rgb += through * opacity * lit;
    through *= 1.0 - opacity;
    if (through < 0.03) break;
  }
  float grey = clamp(brightest / (windowLimits.y - windowLimits.x), 0.0, 1.0);
  rgb += through * imageShown * pow(grey, 1.5) * vec3(0.85, 0.9, 1.0);
  color = vec4(rgb, 1.0);
}`;
