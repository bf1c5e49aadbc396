import { BLOCK } from './blocks.js';

export const SURFACE_VERTEX_SHADER = `#version 300 es
out vec2 place;
void main(void) {
  place = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
  gl_Position = vec4(place, 0.0, 1.0);
}`;

/**
 * The image as lit tissue with labels as lit surfaces, seen along parallel rays. Positions run from 0 to 1
 * along the voxel axes, lengths are mm. Image and labels are gathered apart: a label is seen through the
 * tissue in front of it, which stays as a veil.
 */
export const SURFACE_SHADER = `#version 300 es
precision highp int;
precision highp float;
uniform highp sampler3D volume;
uniform highp sampler3D drawing;
uniform highp sampler2D segmentTable;
uniform highp sampler2D look;
uniform highp sampler3D maxima;
uniform highp sampler3D painted;
uniform vec2 lookRange;
uniform float seenFrom;
uniform vec3 voxels;
uniform vec3 extent;
uniform vec3 middle;
uniform vec3 right;
uniform vec3 up;
uniform vec3 forward;
uniform vec2 halfView;
uniform float stepVoxels;
uniform bool labelsShown;
uniform bool fine;
in vec2 place;
out vec4 color;

const float VEIL = 0.28;

int labelAt(vec3 position) {
  return int(texture(drawing, position).r * 255.0 + 0.5);
}

float valueAt(vec3 position) {
  return texture(volume, position).r;
}

vec4 lookOf(float value) {
  float entry = clamp((value - lookRange.x) / (lookRange.y - lookRange.x), 0.0, 1.0);
  return texture(look, vec2((entry * 255.0 + 0.5) / 256.0, 0.5));
}

vec3 linear(vec3 colour) {
  return colour * colour;
}

/* How much of the surroundings of a place belongs to a label, 0 to 1, smoothly: voxels have no corners then. */
float share(vec3 position, int label) {
  vec3 corner = position * voxels - 0.5;
  vec3 part = fract(corner);
  ivec3 first = ivec3(floor(corner));
  ivec3 last = ivec3(voxels) - 1;
  float sum = 0.0;
  for (int index = 0; index < 8; index++) {
    ivec3 side = ivec3(index & 1, (index >> 1) & 1, index >> 2);
    ivec3 voxel = first + side;
    if (any(lessThan(voxel, ivec3(0))) || any(greaterThan(voxel, last))) continue;
    vec3 weight = mix(1.0 - part, part, vec3(side));
    if (int(texelFetch(drawing, voxel, 0).r * 255.0 + 0.5) == label) sum += weight.x * weight.y * weight.z;
  }
  return sum;
}

float rise(vec3 position, vec3 way) {
  return valueAt(position - way) - valueAt(position + way);
}

/* Out of the tissue, in mm; not of unit length. */
vec3 outOfTissue(vec3 position) {
  vec3 d = 1.0 / voxels;
  vec3 sum = vec3(rise(position, vec3(d.x, 0.0, 0.0)), rise(position, vec3(0.0, d.y, 0.0)),
                  rise(position, vec3(0.0, 0.0, d.z)));
  if (fine) {
    sum *= 2.0;
    sum += rise(position, d);
    sum += rise(position, d * vec3(1.0, 1.0, -1.0)) * vec3(1.0, 1.0, -1.0);
    sum += rise(position, d * vec3(1.0, -1.0, 1.0)) * vec3(1.0, -1.0, 1.0);
    sum += rise(position, d * vec3(-1.0, 1.0, 1.0)) * vec3(-1.0, 1.0, 1.0);
  }
  return sum * voxels / extent;
}

vec3 outOfLabel(vec3 position, int label) {
  vec3 sum = vec3(0.0);
  for (int reach = 1; reach <= 2; reach++) {
    vec3 d = float(reach) / voxels;
    sum += vec3(share(position - vec3(d.x, 0.0, 0.0), label) - share(position + vec3(d.x, 0.0, 0.0), label),
                share(position - vec3(0.0, d.y, 0.0), label) - share(position + vec3(0.0, d.y, 0.0), label),
                share(position - vec3(0.0, 0.0, d.z), label) - share(position + vec3(0.0, 0.0, d.z), label));
  }
  vec3 mm = sum * voxels / extent;
  return dot(mm, mm) > 0.0 ? normalize(mm) : -forward;
}

/* How much of the sky a place on a surface sees: folds and cavities are darker than ridges. */
float openness(vec3 position, vec3 normal) {
  vec3 aside = normalize(cross(normal, abs(normal.z) < 0.9 ? vec3(0.0, 0.0, 1.0) : vec3(1.0, 0.0, 0.0)));
  vec3 across = cross(normal, aside);
  float covered = 0.0;
  for (int way = 0; way < 5; way++) {
    vec3 tilt = way == 0 ? vec3(0.0) : way == 1 ? aside : way == 2 ? -aside : way == 3 ? across : -across;
    vec3 direction = normalize(normal + 0.9 * tilt);
    float most = 0.0;
    for (int reach = 0; reach < 3; reach++) {
      float mm = reach == 0 ? 2.5 : reach == 1 ? 5.0 : 9.0;
      vec3 there = position + direction * mm / extent;
      if (any(lessThan(there, vec3(0.0))) || any(greaterThan(there, vec3(1.0)))) break;
      most = max(most, lookOf(valueAt(there)).a * (1.0 - 0.06 * mm));
    }
    covered += most * (way == 0 ? 0.3 : 0.175);
  }
  return 1.0 - covered;
}

/* The colour of what lies under a surface: in the surface itself every tissue mixes with what is outside. */
vec3 albedoOf(vec3 position, vec3 normal) {
  vec3 voxel = normal / max(length(normal * voxels / extent), 1e-6) / extent;
  float shallow = valueAt(position - voxel);
  return linear(lookOf(max(shallow, valueAt(position - 2.5 * voxel))).rgb);
}

/* A lamp over the reader's left shoulder, light from the reader and from above. */
vec3 lit(vec3 albedo, vec3 normal, float open) {
  vec3 lamp = normalize(-0.8 * forward - 0.5 * right + 0.65 * up);
  float direct = max(dot(normal, lamp), 0.0);
  float facing = max(dot(normal, -forward), 0.0);
  float sky = 0.5 + 0.5 * dot(normal, up);
  float gloss = pow(max(dot(normal, normalize(lamp - forward)), 0.0), 32.0);
  float shade = mix(0.25, 1.0, open);
  return albedo * (shade * (0.06 + 0.12 * sky + 0.3 * facing) + 0.75 * direct * mix(0.5, 1.0, open)) +
         vec3(0.07 * gloss * shade);
}

void main() {
  color = vec4(0.0, 0.0, 0.0, 1.0);
  vec3 eye = (middle + right * place.x * halfView.x + up * place.y * halfView.y) / extent;
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

  vec3 imageRgb = vec3(0.0);
  float imageThrough = 1.0;
  float imageBefore = 0.0;
  vec3 labelRgb = vec3(0.0);
  float labelThrough = 1.0;
  float open = -1.0;
  vec3 shade = vec3(-1.0);
  bool inTissue = false;
  int before = 0;
  bool imageHere = false;
  bool labelsHere = false;
  float until = start;
  float t = start + 0.5 * stride;
  for (int count = 0; count < 8192 && t < end; count++) {
    vec3 position = eye + direction * t;
    if (t >= until) {
      ivec3 block = ivec3(clamp(position, vec3(0.0), vec3(0.999999)) * voxels) / ${BLOCK};
      imageHere = imageThrough > 0.02 && texelFetch(maxima, block, 0).r > seenFrom;
      labelsHere = labelsShown && texelFetch(painted, block, 0).r > 0.0;
      vec3 near = vec3(block * ${BLOCK}) / voxels;
      vec3 far = vec3(block * ${BLOCK} + ${BLOCK}) / voxels;
      vec3 leaves = (mix(near, far, vec3(greaterThan(direction, vec3(0.0)))) - eye) * inverse;
      until = max(t, min(leaves.x, min(leaves.y, leaves.z)));
      if (!imageHere && !labelsHere) {
        t += stride * max(1.0, ceil((until - t) / stride));
        inTissue = false;
        before = 0;
        continue;
      }
    }
    int label = labelsHere ? labelAt(position) : 0;
    if (label == 0) before = 0;
    if (label != before && share(position, label) >= 0.5) {
      before = label;
      vec4 surface = texelFetch(segmentTable, ivec2(label, 1), 0);
      if (surface.a > 0.0) {
        float outer = t - stride;
        float inner = t;
        for (int halving = 0; halving < 4; halving++) {
          float between = 0.5 * (outer + inner);
          if (share(eye + direction * between, label) >= 0.5) inner = between; else outer = between;
        }
        if (labelThrough == 1.0) imageBefore = 1.0 - imageThrough;
        float opacity = mix(0.7, 1.0, texelFetch(segmentTable, ivec2(label, 0), 0).a);
        vec3 normal = outOfLabel(eye + direction * inner, label);
        labelRgb += labelThrough * opacity * lit(linear(surface.rgb), normal, 1.0);
        labelThrough *= 1.0 - opacity;
      }
    }
    if (imageHere) {
      float value = valueAt(position);
      if (value <= seenFrom) {
        inTissue = false;
      } else {
        if (!inTissue) {
          float outer = t - stride;
          for (int halving = 0; halving < 4; halving++) {
            float between = 0.5 * (outer + t);
            if (valueAt(eye + direction * between) > seenFrom) t = between; else outer = between;
          }
          position = eye + direction * t;
          value = valueAt(position);
          inTissue = true;
          shade = vec3(-1.0);
        }
        float opacity = 1.0 - pow(1.0 - lookOf(value).a, stepVoxels);
        if (opacity > 0.004) {
          if (imageThrough * opacity > 0.12 || shade.r < 0.0) {
            vec3 outwards = outOfTissue(position);
            float steepness = length(outwards);
            vec3 normal = steepness > 0.0 ? outwards / steepness : -forward;
            if (open < 0.0 && imageThrough * (1.0 - opacity) < 0.8) open = fine ? openness(position, normal) : 0.8;
            shade = lit(albedoOf(position, normal), normal, open < 0.0 ? 1.0 : open);
          }
          imageRgb += imageThrough * opacity * shade;
          imageThrough *= 1.0 - opacity;
          if (imageThrough < 0.02) {
            imageHere = false;
            if (!labelsShown) break;
          }
        }
      }
    }
    if (labelThrough < 0.03) break;
    t += stride;
  }
  float labels = (1.0 - labelThrough) * (1.0 - VEIL * imageBefore);
  vec3 labelled = labelThrough < 1.0 ? labelRgb / (1.0 - labelThrough) : vec3(0.0);
  color = vec4(sqrt(mix(imageRgb, labelled, labels)), 1.0);
}`;
