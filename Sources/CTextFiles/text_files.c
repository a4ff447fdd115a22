#include "text_files.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char bandai_namco[] = {
#embed "../../Skeletons/bandai-namco.yaml"
    , 0};

static const char cmu[] = {
#embed "../../Skeletons/cmu.yaml"
    , 0};

static const char deepmimic[] = {
#embed "../../Skeletons/deepmimic.yaml"
    , 0};

static const char lafan1[] = {
#embed "../../Skeletons/lafan1.yaml"
    , 0};

static const char mixamo[] = {
#embed "../../Skeletons/mixamo.yaml"
    , 0};

static const char smpl22[] = {
#embed "../../Skeletons/smpl22.yaml"
    , 0};

static const char soma[] = {
#embed "../../Skeletons/soma.yaml"
    , 0};

static const char surefoot[] = {
#embed "../../Skeletons/surefoot.yaml"
    , 0};

static const char cmu_trials[] = {
#embed "../../Data/cmu-trials.tsv"
    , 0};

static const struct surefoot_text_file joint_maps[] = {
    {"bandai-namco.yaml", bandai_namco},
    {"cmu.yaml", cmu},
    {"deepmimic.yaml", deepmimic},
    {"lafan1.yaml", lafan1},
    {"mixamo.yaml", mixamo},
    {"smpl22.yaml", smpl22},
    {"soma.yaml", soma},
    {"surefoot.yaml", surefoot},
    {"", ""},
};

struct surefoot_text_file surefoot_joint_map(int index) {
  const int count = sizeof joint_maps / sizeof *joint_maps - 1;
  return joint_maps[index < 0 || index > count ? count : index];
}

const char *surefoot_cmu_trials(void) { return cmu_trials; }
