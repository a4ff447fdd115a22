// Reads a BVH file with three.js's BVHLoader, a GLB file with its GLTFLoader, and prints every joint's world position in
// the asked frames as JSON: {"names": [...], "frames": [[[x, y, z], ...], ...]}, in the file's units.
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
function loader(name) {
  // The loader asks for './three' beside itself, where Debian has none.
  const loaderModule = { exports: {} };
  const source = fs.readFileSync(`${root}/examples/js/loaders/${name}.js`, 'utf8');
  new Function('module', 'exports', 'require', source)(loaderModule, loaderModule.exports, () => THREE);
  return loaderModule.exports[name] || THREE[name];
}

if (process.argv[2] === '--probe') process.exit(0);
const [file, ...frames] = process.argv.slice(2);
const places = (joints) => joints.map((joint) => new THREE.Vector3().setFromMatrixPosition(joint.matrixWorld).toArray());
const print = (joints, pose) =>
  console.log(JSON.stringify({ names: joints.map((joint) => joint.name), frames: frames.map((f) => pose(Number(f))) }));

if (file.endsWith('.glb')) readGLB();
else readBVH();

function readBVH() {
  const result = new (loader('BVHLoader'))().parse(fs.readFileSync(file, 'utf8'));
  const bones = result.skeleton.bones;
  const place = new Map(bones.map((bone, index) => [bone.name, index]));
  const joints = bones.filter((bone) => bone.name !== 'ENDSITE');
  print(joints, (frame) => {
    for (const track of result.clip.tracks) {
      const [, name, property] = /\.bones\[(.*)\]\.(position|quaternion)$/.exec(track.name);
      const size = property === 'position' ? 3 : 4;
      bones[place.get(name)][property].fromArray(track.values, frame * size);
    }
    bones[0].updateMatrixWorld(true);
    return places(joints);
  });
}

// Played by the mixer, as a page would; a skinned mesh of bones must be there.
function readGLB() {
  global.self = global;
  const bytes = fs.readFileSync(file);
  const fail = (problem) => {
    console.error(problem);
    process.exit(1);
  };
  new (loader('GLTFLoader'))().parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length), '', (gltf) => {
    let mesh;
    gltf.scene.traverse((node) => {
      if (node.isSkinnedMesh) mesh = node;
    });
    if (!mesh || gltf.animations.length !== 1) fail('no skinned mesh, or not one animation');
    const mixer = new THREE.AnimationMixer(gltf.scene);
    mixer.clipAction(gltf.animations[0]).play();
    const { times } = gltf.animations[0].tracks[0];
    print(mesh.skeleton.bones, (frame) => {
      // The action wraps at its end: stay a hair before it.
      mixer.setTime(Math.min(times[frame], times[times.length - 1] - 1e-6));
      gltf.scene.updateMatrixWorld(true);
      return places(mesh.skeleton.bones);
    });
  }, fail);
}
