// Text files that travel in the program, so that it has them wherever its binary is copied to. The compiler embeds
// Skeletons/*.yaml and Data/cmu-trials.tsv: no copy stands in the repository. A C file, because SwiftPM's own
// `.embedInCode` writes an array literal of bytes that takes the Swift compiler seconds.
#ifndef SUREFOOT_TEXT_FILES_H
#define SUREFOOT_TEXT_FILES_H

struct surefoot_text_file {
  const char *_Nonnull name;
  const char *_Nonnull text;
};

/// The joint map of this position by file name, or one whose name is empty after the last.
struct surefoot_text_file surefoot_joint_map(int index);

/// The list of CMU's trials.
const char *_Nonnull surefoot_cmu_trials(void);

#endif
