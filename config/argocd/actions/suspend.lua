-- What is published stays. With self-healing, Argo CD reverts this for an object that is in Git.
obj.spec.suspend = true
return obj
