-- What is published stays. Where the object is in Git, Argo CD undoes this with self-healing on.
obj.spec.suspend = true
return obj
