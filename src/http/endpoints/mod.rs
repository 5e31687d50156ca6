//! One handler per protocol endpoint: reads the request, asks the layers below, writes the answer.
