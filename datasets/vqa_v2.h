// VQA v2 (Goyal et al. 2017): answers to questions about COCO pictures.
#pragma once

#include "datasets/dataset.h"

namespace msdbench {

// Reads, below options.root, for each split
//   v2_OpenEnded_mscoco_SPLIT_questions.json
//   v2_mscoco_SPLIT_annotations.json
//   SUBSET/COCO_SUBSET_000000458752.jpg, or SUBSET/000000458752.jpg (COCO 2017)
// or the first two in annotations/ and the pictures in images/, as MMF lays
// things out (see vqa_files.h),
// where SUBSET is SPLIT, but test2015 for test-dev2015. Splits by default:
// train2014 as train, val2014 as test, and as dev the share
// options.dev_fraction of train's images ("train2014-dev"), since nobody can
// score the authors' own test set. A test split without an annotation file is
// unlabelled.
//
// Labels: options.labels, else built by the official rule from the
// multiple-choice answers of options.answers_from where that names splits, else
// answers_vqa.txt (one a line; MMF's "<unk>" is left out) or labels.json in the
// root, else built so from the whole train file. The rule: answers of at least
// 9 questions after normalising, the most frequent first, then by bytes. The
// answer "" may be one. Targets and credit: see vqa_answers.h. Questions whose
// raw answers are all outside the labels are kept, with empty targets, and
// counted in the notes. Throws DataError.
Dataset LoadVqaV2(const DatasetOptions& options);

}  // namespace msdbench
