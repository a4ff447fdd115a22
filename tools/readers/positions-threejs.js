// Reads a BVH file with three.js's BVHLoader and prints every joint's world position in the asked frames as JSON:
// {"names": [...], "frames": [[[x, y, z], ...], ...]}, in the file's units.
//
//   node positions-threejs.js FILE FRAME...
'use strict';
const fs = require('fs');

const roots = [process.env.SUREFOOT_THREE, '/usr/share/javascript/three'].filter(Boolean);
const root = roots.find((folder) => fs.existsSync(`${folder}/examples/js/loaders/BVHLoader.js`));
if (!root) {
  console.error('three.js with examples/js/loaders/BVHLoader.js is missing: apt-get install libjs-three');
  process.exit(69);
}
const THREE = require(`${root}/build/three.js`);
// The loader asks for './three' beside itself, where Debian has none.
const loaderModule = { exports: {} };
const source = fs.readFileSync(`${root}/examples/js/loaders/BVHLoader.js`, 'utf8');
new Function('module', 'exports', 'require', source)(loaderModule, loaderModule.exports, () => THREE);
const BVHLoader = loaderModule.exports.BVHLoader || THREE.BVHLoader;

const [file, ...frames] = process.argv.slice(2);
const result = new BVHLoader().parse(fs.readFileSync(file, 'utf8'));
const bones = result.skeleton.bones;
const place = new Map(bones.map((bone, index) => [bone.name, index]));
const joints = bones.filter((bone) => bone.name !== 'ENDSITE');

function pose(frame) {
  for (const track of result.clip.tracks) {
    const [, name, property] = /\.bones\[(.*)\]\.(position|quaternion)$/.exec(track.name);
    const size = property === 'position' ? 3 : 4;
    bones[place.get(name)][property].fromArray(track.values, frame * size);
  }
  bones[0].updateMatrixWorld(true);
  return joints.map((joint) => new THREE.Vector3().setFromMatrixPosition(joint.matrixWorld).toArray());
}

console.log(JSON.stringify({ names: joints.map((joint) => joint.name), frames: frames.map((f) => pose(Number(f))) }));
