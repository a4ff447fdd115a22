// Written by tools/embed-files from Skeletons/*.yaml and Data/cmu-trials.tsv; do not edit.
// swift-format-ignore-file

/// Text files that travel in the program.
package enum ShippedFiles {
  /// Joint maps by file name.
  package static let jointMaps: [(name: String, text: String)] = [
    ("bandai-namco.yaml", #"""
    # A joint map: which joints of the files are which of the canonical 22. Names compare without their name space
    # (`mixamorig:`) and whatever the letter case; of several names the first that a file has counts.
    name: bandai-namco
    description: 'The Bandai Namco Research motion dataset.'
    joints:
      pelvis: [Hips]
      leftHip: [UpperLeg_L]
      rightHip: [UpperLeg_R]
      spine1: [Spine]
      leftKnee: [LowerLeg_L]
      rightKnee: [LowerLeg_R]
      leftAnkle: [Foot_L]
      rightAnkle: [Foot_R]
      spine3: [Chest]
      leftFoot: [Toes_L]
      rightFoot: [Toes_R]
      neck: [Neck]
      leftCollar: [Shoulder_L]
      rightCollar: [Shoulder_R]
      head: [Head]
      leftShoulder: [UpperArm_L]
      rightShoulder: [UpperArm_R]
      leftElbow: [LowerArm_L]
      rightElbow: [LowerArm_R]
      leftWrist: [Hand_L]
      rightWrist: [Hand_R]

    """#),
    ("cmu.yaml", #"""
    # A joint map: which joints of the files are which of the canonical 22. Names compare without their name space
    # (`mixamorig:`) and whatever the letter case; of several names the first that a file has counts.
    name: cmu
    description: "CMU's motion capture, by the names of the cgspeed BVH conversion and of the original ASF."
    joints:
      pelvis: [Hips, root]
      leftHip: [LeftUpLeg, lfemur]
      rightHip: [RightUpLeg, rfemur]
      spine1: [LowerBack, lowerback]
      leftKnee: [LeftLeg, ltibia]
      rightKnee: [RightLeg, rtibia]
      spine2: [Spine, upperback]
      leftAnkle: [LeftFoot, lfoot]
      rightAnkle: [RightFoot, rfoot]
      spine3: [Spine1, thorax]
      leftFoot: [LeftToeBase, ltoes]
      rightFoot: [RightToeBase, rtoes]
      neck: [Neck, lowerneck]
      leftCollar: [LeftShoulder, lclavicle]
      rightCollar: [RightShoulder, rclavicle]
      head: [Head, head]
      leftShoulder: [LeftArm, lhumerus]
      rightShoulder: [RightArm, rhumerus]
      leftElbow: [LeftForeArm, lradius]
      rightElbow: [RightForeArm, rradius]
      leftWrist: [LeftHand, lwrist]
      rightWrist: [RightHand, rwrist]

    """#),
    ("deepmimic.yaml", #"""
    # A joint map: which joints of the files are which of the canonical 22. Names compare without their name space
    # (`mixamorig:`) and whatever the letter case; of several names the first that a file has counts.
    name: deepmimic
    description: "DeepMimic's humanoid of 13 bodies, by the names of its own files and of the clips read from them."
    joints:
      pelvis: [Hips, root]
      leftHip: [LeftUpLeg, left_hip]
      rightHip: [RightUpLeg, right_hip]
      leftKnee: [LeftLeg, left_knee]
      rightKnee: [RightLeg, right_knee]
      leftAnkle: [LeftFoot, left_ankle]
      rightAnkle: [RightFoot, right_ankle]
      spine3: [Spine, chest]
      neck: [Neck, neck]
      leftShoulder: [LeftArm, left_shoulder]
      rightShoulder: [RightArm, right_shoulder]
      leftElbow: [LeftForeArm, left_elbow]
      rightElbow: [RightForeArm, right_elbow]
      leftWrist: [LeftHand, left_wrist]
      rightWrist: [RightHand, right_wrist]

    """#),
    ("lafan1.yaml", #"""
    # A joint map: which joints of the files are which of the canonical 22. Names compare without their name space
    # (`mixamorig:`) and whatever the letter case; of several names the first that a file has counts.
    name: lafan1
    description: "Ubisoft's LAFAN1. Every bone of its rest pose lies along X."
    joints:
      pelvis: [Hips]
      leftHip: [LeftUpLeg]
      rightHip: [RightUpLeg]
      spine1: [Spine]
      leftKnee: [LeftLeg]
      rightKnee: [RightLeg]
      spine2: [Spine1]
      leftAnkle: [LeftFoot]
      rightAnkle: [RightFoot]
      spine3: [Spine2]
      leftFoot: [LeftToe]
      rightFoot: [RightToe]
      neck: [Neck]
      leftCollar: [LeftShoulder]
      rightCollar: [RightShoulder]
      head: [Head]
      leftShoulder: [LeftArm]
      rightShoulder: [RightArm]
      leftElbow: [LeftForeArm]
      rightElbow: [RightForeArm]
      leftWrist: [LeftHand]
      rightWrist: [RightHand]

    """#),
    ("mixamo.yaml", #"""
    # A joint map: which joints of the files are which of the canonical 22. Names compare without their name space
    # (`mixamorig:`) and whatever the letter case; of several names the first that a file has counts.
    name: mixamo
    description: "Mixamo's auto-rigger; the prefix 'mixamorig:' may be there or not."
    joints:
      pelvis: [Hips]
      leftHip: [LeftUpLeg]
      rightHip: [RightUpLeg]
      spine1: [Spine]
      leftKnee: [LeftLeg]
      rightKnee: [RightLeg]
      spine2: [Spine1]
      leftAnkle: [LeftFoot]
      rightAnkle: [RightFoot]
      spine3: [Spine2]
      leftFoot: [LeftToeBase]
      rightFoot: [RightToeBase]
      neck: [Neck]
      leftCollar: [LeftShoulder]
      rightCollar: [RightShoulder]
      head: [Head]
      leftShoulder: [LeftArm]
      rightShoulder: [RightArm]
      leftElbow: [LeftForeArm]
      rightElbow: [RightForeArm]
      leftWrist: [LeftHand]
      rightWrist: [RightHand]

    """#),
    ("smpl22.yaml", #"""
    # A joint map: which joints of the files are which of the canonical 22. Names compare without their name space
    # (`mixamorig:`) and whatever the letter case; of several names the first that a file has counts.
    name: smpl22
    description: "SMPL's body joints, and HumanML3D's 22."
    joints:
      pelvis: [Pelvis]
      leftHip: [L_Hip, left_hip]
      rightHip: [R_Hip, right_hip]
      spine1: [Spine1]
      leftKnee: [L_Knee, left_knee]
      rightKnee: [R_Knee, right_knee]
      spine2: [Spine2]
      leftAnkle: [L_Ankle, left_ankle]
      rightAnkle: [R_Ankle, right_ankle]
      spine3: [Spine3]
      leftFoot: [L_Foot, left_foot]
      rightFoot: [R_Foot, right_foot]
      neck: [Neck]
      leftCollar: [L_Collar, left_collar]
      rightCollar: [R_Collar, right_collar]
      head: [Head]
      leftShoulder: [L_Shoulder, left_shoulder]
      rightShoulder: [R_Shoulder, right_shoulder]
      leftElbow: [L_Elbow, left_elbow]
      rightElbow: [R_Elbow, right_elbow]
      leftWrist: [L_Wrist, left_wrist]
      rightWrist: [R_Wrist, right_wrist]

    """#),
    ("surefoot.yaml", #"""
    # A joint map: which joints of the files are which of the canonical 22. Names compare without their name space
    # (`mixamorig:`) and whatever the letter case; of several names the first that a file has counts.
    name: surefoot
    description: "Surefoot's own canonical skeleton: the names that MotionBuilder and most tools expect."
    joints:
      pelvis: [Hips]
      leftHip: [LeftUpLeg]
      rightHip: [RightUpLeg]
      spine1: [Spine]
      leftKnee: [LeftLeg]
      rightKnee: [RightLeg]
      spine2: [Spine1]
      leftAnkle: [LeftFoot]
      rightAnkle: [RightFoot]
      spine3: [Spine2]
      leftFoot: [LeftToeBase]
      rightFoot: [RightToeBase]
      neck: [Neck]
      leftCollar: [LeftShoulder]
      rightCollar: [RightShoulder]
      head: [Head]
      leftShoulder: [LeftArm]
      rightShoulder: [RightArm]
      leftElbow: [LeftForeArm]
      rightElbow: [RightForeArm]
      leftWrist: [LeftHand]
      rightWrist: [RightHand]

    """#),
  ]

  /// Good trials of CMU's collection on flat ground.
  package static let cmuTrials = #"""
    subject	trial	action	description
    06	01	walk	walk
    06	03	dribble	basketball - forward dribble
    06	04	dribble	basketball - forward dribble
    06	05	dribble	basketball - forward dribble
    06	06	dribble	basketball - backward dribble
    06	07	dribble	basketball - backward dribble
    06	08	dribble	basketball - sideways dribble
    06	09	dribble	basketball - sideways dribble
    06	10	dribble	basketball - forward dribble, 90-degree left turns
    06	11	dribble	basketball - forward dribble, 90-degree right turns
    06	12	dribble	basketball - forward dribble, 90-degree right turns, crossover dribble
    06	13	dribble	basketball - low, fast free style dribble, dribble through legs
    06	14	dribble	basketball - crossover dribble, shoot
    06	15	dribble	basketball - dribble, shoot
    14	02	punch_block	boxing
    14	04	drink	drink soda, screw on bottlecap
    14	05	drink	unscrew bottlecap, drink soda
    14	06	exercise	jumping jacks, jog, squats, side twists, stretches
    14	07	jump	jump up to grab, reach for, tiptoe
    14	08	jump	jump up to grab, reach for, tiptoe
    14	11	clean	wash windows
    14	12	clean	wash windows
    14	13	clean	mop floor
    14	14	exercise	jumping jacks, jog, squats, side twists, stretches
    14	15	clean	mop floor
    14	17	gesture	laugh
    14	18	gesture	laugh
    14	19	gesture	laugh
    14	20	exercise	jumping jacks, side twists, reach up, bend over
    14	24	gesture	direct traffic, wave, point
    14	25	gesture	direct traffic, wave, point
    14	26	gesture	direct traffic, wave, point
    14	30	sit_stand	sit on stepstool, ankle on other knee, hand on chin
    14	31	sit_stand	sit on stepstool, stand up
    14	32	sit_stand	sit on stepstool, stand up
    14	37	drink	drink soda
    16	02	jump	jump
    16	03	jump	high jump
    16	04	jump	high jump
    16	05	jump	forward jump
    16	06	jump	forward jump
    16	07	jump	forward jump
    16	08	run_stop	run/jog, sudden stop
    16	09	jump	forward jump
    16	10	jump	forward jump
    16	11	walk_turn	walk, veer left
    16	12	walk_turn	walk, veer left
    16	13	walk_turn	walk, veer right
    16	14	walk_turn	walk, veer right
    16	16	walk	walk
    16	18	walk_turn	walk, 90-degree left turn
    16	19	walk_turn	walk, 90-degree right turn
    16	20	walk_turn	walk, 90-degree right turn
    16	21	walk	walk
    16	22	walk	walk
    16	24	walk_turn	walk, veer left
    16	25	walk_turn	walk, veer right
    16	26	walk_turn	walk, veer right
    16	27	walk_turn	walk, 90-degree left turn
    16	29	walk_turn	walk, 90-degree right turn
    16	30	walk_turn	walk, 90-degree right turn
    16	31	walk	walk
    16	32	walk	walk
    16	33	walk_stop	slow walk, stop
    16	34	walk_stop	slow walk, stop
    16	35	run	run/jog
    16	36	run	run/jog
    16	37	run_turn	run/jog, veer left
    16	38	run_turn	run/jog, veer left
    16	39	run_turn	run/jog, veer right
    16	40	run_turn	run/jog, veer right
    16	41	run_turn	run/jog, 90-degree left turn
    16	42	run_turn	run/jog, 90-degree left turn
    16	43	run_turn	run/jog, 90-degree right turn
    16	44	run_turn	run/jog, 90-degree right turn
    16	45	run	run/jog
    16	46	run	run/jog
    16	47	walk	walk
    16	48	run_turn	run, veer left
    16	49	run_turn	run, veer right
    16	50	run_turn	run, veer right
    16	51	run_turn	run, 90-degree left turn
    16	52	run_turn	run, 90-degree left turn
    16	53	run_turn	run, 90-degree right turn
    16	54	run_turn	run, 90-degree right turn
    16	55	run	run
    16	56	run	run/jog
    16	57	run_stop	run/jog, sudden stop
    16	58	walk	walk
    17	03	walk_style	walk stealthily
    17	10	punch_block	boxing
    29	01	walk	walk
    29	02	gesture	basketball signals
    29	03	gesture	nursery rhyme - "I'm a little teapot..."
    29	04	gesture	Alaskan vacation
    29	05	gesture	Alaskan vacation
    29	07	gesture	basketball signals
    29	08	gesture	nursery rhyme - "I'm a little teapot..."
    29	09	gesture	Alaskan vacation
    29	11	gesture	Alaskan vacation
    29	14	mimic_animal	prairie dog (human subject)
    29	15	mimic_animal	whale (human subject)
    29	16	mimic_animal	bear (human subject)
    29	17	mimic_animal	dog (human subject)
    29	19	mimic_animal	fish (human subject)
    29	20	mimic_animal	elephant (human subject)
    29	21	mimic_animal	mouse (human subject)
    29	22	mimic_animal	chicken (human subject)
    29	23	mimic_animal	dinosaur (human subject)
    29	24	mimic_animal	snake (human subject)
    29	25	mimic_animal	monkey (human subject)
    35	02	walk	walk
    35	03	walk	walk
    35	04	walk	walk
    35	05	walk	walk
    35	06	walk	walk
    35	07	walk	walk
    35	08	walk	walk
    35	09	walk	walk
    35	10	walk	walk
    35	12	walk	walk
    35	13	walk	walk
    35	14	walk	walk
    35	15	walk	walk
    35	16	walk	walk
    35	17	run	run/jog
    35	18	run	run/jog
    35	19	run	run/jog
    35	20	run	run/jog
    35	21	run	run/jog
    35	22	run	run/jog
    35	23	run	run/jog
    35	24	run	run/jog
    35	25	run	run/jog
    35	26	run	run/jog
    35	28	walk	walk
    35	29	walk	walk
    35	30	walk	walk
    35	31	walk	walk
    35	32	walk	walk
    35	33	walk	walk
    35	34	walk	walk
    49	01	walk	walk
    49	02	jump	jump up and down, hop on one foot
    49	03	jump	jump up and down, hop on one foot
    49	04	jump	run, leap
    49	05	jump	run, leap
    49	06	cartwheel	cartwheel
    49	07	cartwheel	cartwheel
    49	08	cartwheel	cartwheels
    49	09	dance	dance - arms held high, side arabesque
    49	10	dance	dance - fold in from side arabesque, curl inwards
    49	11	dance	dance - fold in from side arabesque, curl inwards
    49	12	dance	dance - lean forward, bring back leg forward, arching arms
    49	13	dance	dance - fold in from side arabesque, curl inwards
    49	14	dance	dance - lean forward, bring back leg forward, arching arms
    49	15	dance	static dance pose - folded in, head lowered, leg bent
    49	16	dance	dance - fold in from side arabesque, curl inwards
    49	17	dance	dance - lean forward, bring back leg forward, arching arms
    49	18	balance	balance on one leg, outstretched arms
    49	19	balance	balance on one leg, outstretched arms
    49	20	balance	balance on one leg, outstretched arms
    49	22	dance	dance - lean back on bent leg, balance, bend elbow by ear
    124	01	throw	Baseball Pitch
    135	02	kata	Empi
    135	03	kata	Empi
    135	04	kick	Front Kick
    135	05	punch_block	Gedanbarai
    135	06	kata	Heiansyodan
    135	07	kick	Mawashigeri
    135	09	punch_block	Oiduki
    135	10	punch_block	Syutouuke
    135	11	kick	Yokogeri

    """#
}
