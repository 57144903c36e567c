// MM-IMDb (Arevalo et al. 2017): the genres of a film by poster and plot.
#pragma once

#include "datasets/dataset.h"

namespace msdbench {

// Reads split.json ({"train": ["0068646", ...], "dev": ..., "test": ...}) and
// dataset/ID.json, dataset/ID.jpeg in options.root or options.root/mmimdb. Of
// a film it takes "genres" and "plot" (a string or a list): the first plot, as
// MMF does, or by options.plot the longest, as the authors' own script does; a
// film without a plot keeps "".
// Where neither holds split.json, but multimodal_imdb.hdf5 and metadata.npy,
// the authors' HDF5 release is read: see mm_imdb_hdf5.h. Its genre names are
// then the official ones, options.plot does not apply (a note says so), and of
// its annotations the fingerprint covers ids, words and genres of the splits
// read. Every film is kept (the authors' protocol). Labels: options.labels,
// else labels.json beside split.json or in the root, else the 23 official
// genres in the order of the authors' HDF5 file. Genres outside them (News,
// Adult, Talk-Show, Reality-TV) are dropped and counted in the notes by name; a
// film left without any keeps empty targets. Throws DataError.
Dataset LoadMmImdb(const DatasetOptions& options);

}  // namespace msdbench
